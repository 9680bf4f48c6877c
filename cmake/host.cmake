# The JavaScript of host/ becomes part of the program: it is handed to the child that runs a project's plugins.
file(GLOB host_files CONFIGURE_DEPENDS host/*.js host/*.json)
embed(plugins host_files.cpp plugins/host_files.hpp plugins HostFile host_files ${host_files})
