# Source text made while configuring becomes a file of a target, and is compiled again only where it has changed.
function(embed_source target name text)
  set(path ${CMAKE_BINARY_DIR}/generated/${name})
  file(WRITE ${path}.new "${text}")
  configure_file(${path}.new ${path} COPYONLY)
  target_sources(${target} PRIVATE ${path})
endfunction()

# embed(TARGET OUTPUT HEADER NAMESPACE TYPE FUNCTION FILE...): files become part of a program, so that they are found wherever it runs:
# FUNCTION() of that namespace hands out a row {name, text} of each. The header declares both.
function(embed target output header space type function)
  set(rows "// Made by cmake/embed.cmake.\n#include \"${header}\"\nnamespace ${space} {\nnamespace {\nconst ${type} kFiles[] = {\n")
  foreach(path IN LISTS ARGN)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
    get_filename_component(name ${path} NAME)
    file(READ ${path} text)
    string(APPEND rows "    {\"${name}\", R\"embedded(${text})embedded\"},\n")
  endforeach()
  string(APPEND rows "    {}};\n}\nstd::span<const ${type}> ${function}() { return std::span(kFiles).first(std::size(kFiles) - 1); }\n} // namespace ${space}\n")
  embed_source(${target} ${output} "${rows}")
endfunction()
