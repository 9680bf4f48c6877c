# The SQL of migrations/ becomes part of the program, so that it is found wherever the program runs.
file(GLOB migration_files CONFIGURE_DEPENDS migrations/*.sql)
set(rows "")
foreach(path IN LISTS migration_files)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
  get_filename_component(name ${path} NAME_WE)
  file(READ ${path} text)
  string(APPEND rows "    {\"${name}\", R\"sql(${text})sql\"},\n")
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/migration_files.cpp @ONLY NEWLINE_STYLE UNIX CONTENT
"// Made from migrations/*.sql.
#include \"db/migrations.hpp\"
namespace db {
namespace {
const MigrationFile kFiles[] = {
@rows@};
}
std::span<const MigrationFile> migration_files() { return kFiles; }
} // namespace db
")
target_sources(db PRIVATE ${CMAKE_BINARY_DIR}/generated/migration_files.cpp)
