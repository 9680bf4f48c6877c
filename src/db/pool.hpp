// The database of one thread: shared pipelined connections for autocommit, exclusive ones for transactions.
// Owns: the connections. Made by app for each thread (and by db for commands and tests), used by the fibers of that
// thread only; must be destroyed on it, after the last of them has ended and before its io_context.
#pragma once
#include "db/options.hpp"
#include <memory>

namespace boost::asio {
class io_context;
}

namespace db {

std::unique_ptr<Database> open(boost::asio::io_context& loop, const Options& options);

} // namespace db
