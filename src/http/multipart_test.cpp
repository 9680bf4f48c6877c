#include "base/error.hpp"
#include "http/multipart.hpp"
#include <doctest/doctest.h>

using http::MultipartParser;

namespace {

// The parts of a form that comes in pieces of that size: "name|filename|type|content".
std::vector<std::string> parts(const std::string& form, std::size_t piece, http::MultipartLimits limits = {}) {
  MultipartParser parser("x", limits);
  for (std::size_t at = 0; at < form.size(); at += piece) parser.feed(std::string_view(form).substr(at, piece));
  std::vector<std::string> texts;
  for (const auto& part : parser.finish())
    texts.push_back(part.name + "|" + part.filename.value_or("-") + "|" + part.type + "|" +
                    form.substr(part.offset, part.size));
  return texts;
}
// The same, whatever the size of the pieces.
std::vector<std::string> parts(const std::string& form) {
  const auto whole = parts(form, form.size());
  for (std::size_t piece = 1; piece < form.size(); piece++) CHECK(parts(form, piece) == whole);
  return whole;
}
std::string refusal(const std::string& form, http::MultipartLimits limits = {}) {
  std::string said;
  for (const std::size_t piece : {form.size() + 1, std::size_t{1}, std::size_t{7}}) {
    try {
      parts(form, piece, limits);
      said += "taken ";
    } catch (const base::Error& error) {
      if (said.find(error.what()) == std::string::npos) said += error.what();
    }
  }
  return said;
}
std::string file(std::string_view disposition, std::string_view content = "c") {
  return "--x\r\nContent-Disposition: form-data; " + std::string(disposition) + "\r\n\r\n" + std::string(content) +
         "\r\n";
}
using Texts = std::vector<std::string>;

} // namespace

TEST_CASE("multipart: forms") {
  CHECK(parts("--x--") == Texts{});
  CHECK(parts("--x--\r\nepilogue") == Texts{});
  CHECK(parts(file("name=\"a\"") + "--x--\r\n") == Texts{"a|-|text/plain|c"});
  CHECK(parts("preamble\r\n" + file("name=a", "") + "--x--") == Texts{"a|-|text/plain|"});
  CHECK(parts(file("name=\"a\"", "1") + file("name=\"b\"; filename=\"f.png\"", "\r\n--\r\n--y\r\n--") + "--x--") ==
        Texts{"a|-|text/plain|1", "b|f.png|text/plain|\r\n--\r\n--y\r\n--"});
  CHECK(
      parts(
          "--x \t\r\ncontent-type: image/png; a=b\r\nCONTENT-DISPOSITION:form-data;name=a;filename=f\r\n\r\n\r\n\r\n--x--") ==
      Texts{"a|f|image/png|\r\n"});
  CHECK(parts(file("name=\"a\"", "--x--") + "--x--") == Texts{"a|-|text/plain|--x--"});
}

TEST_CASE("multipart: names of files") {
  const auto name = [](std::string_view disposition) {
    return parts(file("name=a; " + std::string(disposition)) + "--x--")[0];
  };
  CHECK(name(R"(filename="a b.png")") == "a|a b.png|text/plain|c");
  CHECK(name(R"(filename="../../etc/passwd")") == "a|passwd|text/plain|c");
  CHECK(name(R"(filename="C:\dir\b.png")") == "a|b.png|text/plain|c");
  CHECK(name(R"(filename="say \"b\".png")") == "a|say \"b\".png|text/plain|c");
  CHECK(name(R"(filename="a;b=c.png")") == "a|a;b=c.png|text/plain|c");
  CHECK(name(R"(filename="..")") == "a||text/plain|c");
  CHECK(name(R"(filename="")") == "a||text/plain|c");
  CHECK(name(R"(filename="x"; filename*=UTF-8''%c3%a4.png)") == "a|ä.png|text/plain|c");
  CHECK(name(R"(filename="x"; filename*=UTF-8''%2e%2e%2Fy)") == "a|y|text/plain|c");
  CHECK(name(R"(filename="x"; filename*=latin1''%e4)") == "a|x|text/plain|c");
  CHECK(name("filename=\"ä.png\"") == "a|ä.png|text/plain|c");
}

TEST_CASE("multipart: what is no form is refused") {
  const std::string malformed = "Malformed part header", no_end = "Unexpected end of form";
  CHECK(refusal("") == no_end);
  CHECK(refusal("--y--\r\n") == no_end);
  CHECK(refusal("--x") == no_end);
  CHECK(refusal("--x-") == no_end);
  CHECK(refusal(file("name=a")) == no_end);
  CHECK(refusal(file("name=a") + "--x\r\n") == no_end);
  CHECK(refusal("--x\r\nContent-Disposition: form-data; name=a\r\n") == no_end);
  CHECK(refusal("--xy\r\n") == malformed);
  CHECK(refusal("--x\n") == no_end); // too short to tell
  CHECK(refusal("--x\n\n") == malformed);
  CHECK(refusal("--x\r\n\r\nc\r\n--x--\r\n\r\n") == malformed);
  for (const char* header :
       {"nonsense", ": v", "Content-Type: text/plain", "Content-Disposition: form-data",
        "Content-Disposition: attachment; name=a", "Content-Disposition: form-data; name=\"a",
        "Content-Disposition: form-data; name=\"a\"b", "Content-Disposition: form-data; name=a; name=b",
        "Content-Disposition: form-data; name=a\r\n folded: yes\n", "Content-Disposition: form-data; name=a\nX: y",
        "Content-Disposition: form-data; name=\"\xff\"",
        "Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b"}) {
    CAPTURE(header);
    CHECK(refusal("--x\r\n" + std::string(header) + "\r\n\r\nc\r\n--x--") == malformed);
  }
  CHECK(refusal("--x\r\nA: " + std::string(100, 'b') + "\r\n\r\n", {.header = 64}) == malformed);
  CHECK(refusal("--x\r\nA: " + std::string(100, 'b'), {.header = 64}) == malformed);
  CHECK(refusal(file("name=a") + file("name=b") + "--x--", {.parts = 1}) == "Too many parts");
}

TEST_CASE("multipart: the boundary stands in the type") {
  CHECK(*http::multipart_boundary("multipart/form-data; boundary=x") == "x");
  CHECK(*http::multipart_boundary("Multipart/Form-Data; charset=utf-8; BOUNDARY=\"a b\"") == "a b");
  CHECK(http::multipart_boundary("multipart/form-data")->empty());
  CHECK(http::multipart_boundary("multipart/form-data; boundary=\"x")->empty());
  CHECK(http::multipart_boundary("multipart/form-data; boundary=" + std::string(71, 'x'))->empty());
  CHECK_FALSE(http::multipart_boundary("application/json"));
  CHECK_FALSE(http::multipart_boundary(""));
  CHECK_THROWS_AS(MultipartParser(""), base::Error);
}
