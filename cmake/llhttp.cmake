# Node's own HTTP parser: the library that Debian 13 has (libllhttp-dev), or on Debian 12 the sources that node-llhttp ships.
find_path(LLHTTP_SOURCES llhttp.c PATHS /usr/share/llhttp NO_DEFAULT_PATH)
find_path(LLHTTP_INCLUDE llhttp.h PATHS /usr/share/include/llhttp /usr/include REQUIRED)
if(LLHTTP_SOURCES)
  add_library(llhttp STATIC ${LLHTTP_SOURCES}/llhttp.c ${LLHTTP_SOURCES}/api.c ${LLHTTP_SOURCES}/http.c)
  target_include_directories(llhttp PUBLIC ${LLHTTP_INCLUDE})
  target_compile_options(llhttp PRIVATE -w)
else()
  # As an archive, so that the program needs no library that few machines have.
  find_library(LLHTTP_LIBRARY NAMES libllhttp.a llhttp REQUIRED)
  add_library(llhttp INTERFACE)
  target_include_directories(llhttp INTERFACE ${LLHTTP_INCLUDE})
  target_link_libraries(llhttp INTERFACE ${LLHTTP_LIBRARY})
endif()
