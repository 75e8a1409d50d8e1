# cmake -DOUTPUT=file.c -DNAME=wv_ledger_scripts -DHEADER=ledger_scripts.h -DINPUTS=a.sql;b.sql
#       -P embed.cmake
# Writes the files as C arrays, in order of their names, each ended by NUL, and the table NAME of them
# with its length NAME_count; with -DNAMES=ON also NAME_names, the files' names without folder and
# suffix. The header declares them.
set(arrays "")
set(table "")
set(names "")
list(SORT INPUTS)
foreach(input IN LISTS INPUTS)
    get_filename_component(name "${input}" NAME_WE)
    file(READ "${input}" bytes HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(REGEX REPLACE "((0x..,){20})" "\\1\n" bytes "${bytes}")
    string(APPEND arrays "static const char script_${name}[] = {\n${bytes}0x00};\n")
    string(APPEND table "    script_${name},\n")
    string(APPEND names "    \"${name}\",\n")
endforeach()
if(NAMES)
    string(APPEND arrays "\nconst char *const ${NAME}_names[] = {\n${names}};\n")
endif()
file(WRITE "${OUTPUT}" "#include \"${HEADER}\"\n\n${arrays}\n"
    "const char *const ${NAME}[] = {\n${table}};\n"
    "const int ${NAME}_count = sizeof(${NAME}) / sizeof(${NAME}[0]);\n")
