# Source text made while configuring becomes a file of a target, and is compiled again only where it has changed.
function(embed_source target name text)
  set(path ${CMAKE_BINARY_DIR}/generated/${name})
  file(WRITE ${path}.new "${text}")
  configure_file(${path}.new ${path} COPYONLY)
  target_sources(${target} PRIVATE ${path})
endfunction()
