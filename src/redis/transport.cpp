#include "redis/transport.hpp"
#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

namespace redis {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using Error = boost::system::error_code;

namespace {

std::string text_of(const Error& error) { return error ? error.message() : std::string(); }

// The part that all streams share.
template<class Stream> class StreamTransport : public Transport,
                                               public std::enable_shared_from_this<StreamTransport<Stream>> {
 public:
  void read_some(std::span<char> into, Done done) final {
    stream_.async_read_some(asio::buffer(into.data(), into.size()),
                            [self = this->shared_from_this(), done = std::move(done)](Error error, std::size_t n) {
                              done(text_of(error), n);
                            });
  }
  void write_all(std::string_view bytes, Done done) final {
    asio::async_write(stream_, asio::buffer(bytes.data(), bytes.size()),
                      [self = this->shared_from_this(), done = std::move(done)](Error error, std::size_t n) {
                        done(text_of(error), n);
                      });
  }
  void close() final {
    Error ignored;
    stream_.lowest_layer().close(ignored);
  }

 protected:
  template<class... T> explicit StreamTransport(T&&... arguments) : stream_(std::forward<T>(arguments)...) {}
  Stream stream_;
};

class UnixTransport final : public StreamTransport<asio::local::stream_protocol::socket> {
 public:
  UnixTransport(asio::io_context& io, std::string path) : StreamTransport(io), path_(std::move(path)) {}
  void connect(std::function<void(std::string)> done) override {
    stream_.async_connect(asio::local::stream_protocol::endpoint(path_),
                          [self = shared_from_this(), done = std::move(done)](Error error) { done(text_of(error)); });
  }

 private:
  std::string path_;
};

// Resolves off the event loop (Asio's resolver has a thread), then tries each address.
template<class Stream> class HostTransport : public StreamTransport<Stream> {
 public:
  void close_resolver() { resolver_.cancel(); }

 protected:
  template<class... T>
  HostTransport(asio::io_context& io, const Options& options, T&&... arguments)
      : StreamTransport<Stream>(std::forward<T>(arguments)...), options_(options), resolver_(io) {}
  template<class Then> void connect_socket(Then then) {
    resolver_.async_resolve(options_.host, std::to_string(options_.port),
                            [this, self = this->shared_from_this(), then](Error error, const auto& addresses) {
                              if (error) return then(text_of(error));
                              asio::async_connect(this->stream_.lowest_layer(), addresses,
                                                  [this, self, then](Error failed, const auto&) {
                                                    Error ignored;
                                                    if (!failed)
                                                      this->stream_.lowest_layer().set_option(tcp::no_delay(true), ignored);
                                                    then(text_of(failed));
                                                  });
                            });
  }
  Options options_;
  tcp::resolver resolver_;
};

class TcpTransport final : public HostTransport<tcp::socket> {
 public:
  TcpTransport(asio::io_context& io, const Options& options) : HostTransport(io, options, io) {}
  void connect(std::function<void(std::string)> done) override { connect_socket(std::move(done)); }
};

struct TlsContext {
  asio::ssl::context tls{asio::ssl::context::tls_client};
};
class TlsTransport final : private TlsContext, public HostTransport<asio::ssl::stream<tcp::socket>> {
 public:
  TlsTransport(asio::io_context& io, const Options& options) : HostTransport(io, options, io, TlsContext::tls) {
    tls.set_default_verify_paths();
    if (options.verify_certificate) {
      stream_.set_verify_mode(asio::ssl::verify_peer);
      stream_.set_verify_callback(asio::ssl::host_name_verification(options.host));
    } else {
      stream_.set_verify_mode(asio::ssl::verify_none);
    }
    SSL_set_tlsext_host_name(stream_.native_handle(), options.host.c_str());
  }
  void connect(std::function<void(std::string)> done) override {
    connect_socket([this, self = shared_from_this(), done = std::move(done)](std::string error) {
      if (!error.empty()) return done(error);
      stream_.async_handshake(asio::ssl::stream_base::client,
                              [self, done](Error failed) { done(text_of(failed)); });
    });
  }
};

} // namespace

std::shared_ptr<Transport> make_transport(asio::io_context& io, const Options& options) {
  if (!options.socket_path.empty()) return std::make_shared<UnixTransport>(io, options.socket_path);
  if (options.tls) return std::make_shared<TlsTransport>(io, options);
  return std::make_shared<TcpTransport>(io, options);
}

} // namespace redis
