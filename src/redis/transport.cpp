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
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdexcept>

namespace redis {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using Error = boost::system::error_code;

namespace {

std::string text_of(const Error& error) { return error ? error.message() : std::string(); }

// The part that all streams share.
template<class Stream>
class StreamTransport : public Transport, public std::enable_shared_from_this<StreamTransport<Stream>> {
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
    const auto resolved = [this, self = this->shared_from_this(), then](Error error, const auto& addresses) {
      if (error) return then(text_of(error));
      asio::async_connect(this->stream_.lowest_layer(), addresses, [this, self, then](Error failed, const auto&) {
        if (!failed) set_up(this->stream_.lowest_layer());
        then(text_of(failed));
      });
    };
    const std::string port = std::to_string(options_.port);
    switch (options_.family) {
    case AddressFamily::ipv4: return resolver_.async_resolve(tcp::v4(), options_.host, port, resolved);
    case AddressFamily::ipv6: return resolver_.async_resolve(tcp::v6(), options_.host, port, resolved);
    case AddressFamily::any: return resolver_.async_resolve(options_.host, port, resolved);
    }
  }
  Options options_;
  tcp::resolver resolver_;

 private:
  template<class Socket> void set_up(Socket& socket) {
    Error ignored;
    socket.set_option(tcp::no_delay(options_.no_delay), ignored);
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(options_.keep_alive).count();
    socket.set_option(asio::socket_base::keep_alive(seconds > 0), ignored);
    if (seconds > 0)
      socket.set_option(asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPIDLE>(static_cast<int>(seconds)),
                        ignored);
  }
};

class TcpTransport final : public HostTransport<tcp::socket> {
 public:
  TcpTransport(asio::io_context& io, const Options& options) : HostTransport(io, options, io) {}
  void connect(std::function<void(std::string)> done) override { connect_socket(std::move(done)); }
};

using Verify = config::TlsOptions::Verify;

// Throws boost::system::system_error for what is no certificate or key.
struct TlsContext {
  asio::ssl::context tls{asio::ssl::context::tls_client};
  explicit TlsContext(const config::TlsOptions& options) {
    const auto buffer = [](const std::string& text) { return asio::buffer(text.data(), text.size()); };
    if (!options.passphrase.empty())
      tls.set_password_callback([text = options.passphrase](std::size_t, auto) { return text; });
    if (!options.certificate.empty()) tls.use_certificate_chain(buffer(options.certificate));
    if (!options.key.empty()) tls.use_private_key(buffer(options.key), asio::ssl::context::pem);
    if (options.verify == Verify::nothing) return;
    const std::string& authorities = options.authorities.empty() ? config::system_authorities() : options.authorities;
    if (!authorities.empty()) add_authorities(authorities);
  }

 private:
  void add_authorities(const std::string& text) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> source(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())),
                                                           BIO_free);
    X509_STORE* store = SSL_CTX_get_cert_store(tls.native_handle());
    while (X509* certificate = PEM_read_bio_X509(source.get(), nullptr, nullptr, nullptr)) {
      X509_STORE_add_cert(store, certificate);
      X509_free(certificate);
    }
    ERR_clear_error(); // the end of the text
  }
};

class TlsTransport final : private TlsContext, public HostTransport<asio::ssl::stream<tcp::socket>> {
 public:
  TlsTransport(asio::io_context& io, const Options& options)
      : TlsContext(options.tls), HostTransport(io, options, io, TlsContext::tls) {
    const std::string& name = options.tls.server_name.empty() ? options.host : options.tls.server_name;
    stream_.set_verify_mode(options.tls.verify == Verify::nothing ? asio::ssl::verify_none : asio::ssl::verify_peer);
    if (options.tls.verify == Verify::everything) stream_.set_verify_callback(asio::ssl::host_name_verification(name));
    Error no_address;
    asio::ip::make_address(name, no_address);
    if (no_address) SSL_set_tlsext_host_name(stream_.native_handle(), name.c_str());
  }
  void connect(std::function<void(std::string)> done) override {
    connect_socket([this, self = shared_from_this(), done = std::move(done)](std::string error) {
      if (!error.empty()) return done(std::move(error));
      stream_.async_handshake(asio::ssl::stream_base::client, [self, done](Error failed) { done(text_of(failed)); });
    });
  }
};

} // namespace

std::shared_ptr<Transport> make_transport(asio::io_context& io, const Options& options) {
  if (!options.socket_path.empty()) return std::make_shared<UnixTransport>(io, options.socket_path);
  if (options.tls.on) {
    try {
      return std::make_shared<TlsTransport>(io, options);
    } catch (const boost::system::system_error& fault) {
      throw std::invalid_argument("Redis' TLS options hold what is no certificate or key: " +
                                  std::string(fault.what()));
    }
  }
  return std::make_shared<TcpTransport>(io, options);
}

} // namespace redis
