# What `stheno new` writes becomes part of the program: the files of starter/, and the demo's seed.
file(GLOB starter_files CONFIGURE_DEPENDS starter/*)
embed(cli starter_files.cpp cli/starter.hpp cli StarterFile starter_files ${starter_files} ${CMAKE_SOURCE_DIR}/demo/seed.json)
