// What exports share: which rows a job's context asks for, and going through them page by page.
// Owns nothing. Called by the strategies of exports; on the request's fiber, and on the runner's.
#pragma once
#include "ports/call.hpp"
#include "query/filters.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace commerce::batch_job {

// The context as it is kept: what a client says of limit, offset, order, fields and expand becomes `list_config`.
// Medusa 1.20: prepareListQuery.
base::Json list_context(const base::Json& context, const std::vector<std::string>& fields,
                        const std::vector<std::string>& relations);

// The names of a list in the context's list_config ("select", "relations").
std::vector<std::string> names_in(const base::Json& context, std::string_view list);

// The filters of a context, each as the list route takes it. Throws invalid_data for what that would refuse.
base::Json filters_of(const base::Json& context, const std::vector<query::Filter>& filters);

// All rows that a read finds, in the context's order, from its offset on and no more than its batch_size. Two rows of one time
// come in the order of their ids, so that no row is seen twice or never.
class ExportPages {
 public:
  // `read`: entity, selection and conditions.
  ExportPages(ports::Call& call, query::Read read, const base::Json& context);

  // How many the job says that there are: the batch_size, else all that match. Medusa 1.20 counts what the offset skips, too.
  std::int64_t count();
  // The next page; nothing behind the last.
  std::optional<query::Tree> next();

 private:
  void seek_behind(const query::Row& last);
  ports::Call& call_;
  query::Read read_;
  std::optional<std::int64_t> batch_size_, count_;
  std::size_t conditions_; // of the read itself
  std::int64_t seen_ = 0, most_;
  bool ended_ = false;
};

} // namespace commerce::batch_job
