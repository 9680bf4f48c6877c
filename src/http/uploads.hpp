// Files that come with a request as multipart/form-data. Owns nothing; the bytes lie in the request's temporary file.
// Called by endpoints whose route takes files, on the request's fiber.
#pragma once
#include "http/http.hpp"
#include "ports/file_service.hpp"
#include <string_view>
#include <vector>

namespace http {

// The files of one field, in their order; other fields may hold texts, which are overlooked. Throws invalid_data for
// what is no such form, and for files of another field. Medusa 1.20: multer's array().
std::vector<ports::NewFile> uploaded_files(const Request& request, std::string_view field);

} // namespace http
