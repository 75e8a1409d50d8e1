# cmake -DOUTPUT=file.c -DINPUTS=a.sql;b.sql -P embed.cmake
# Writes the files as C arrays, in order, each ended by NUL, and the table wv_ledger_scripts.
set(arrays "")
set(table "")
list(SORT INPUTS)
foreach(input IN LISTS INPUTS)
    get_filename_component(name "${input}" NAME_WE)
    file(READ "${input}" bytes HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(REGEX REPLACE "((0x..,){20})" "\\1\n" bytes "${bytes}")
    string(APPEND arrays "static const char script_${name}[] = {\n${bytes}0x00};\n")
    string(APPEND table "    script_${name},\n")
endforeach()
file(WRITE "${OUTPUT}" "#include \"ledger_scripts.h\"\n\n${arrays}\n"
    "const char *const wv_ledger_scripts[] = {\n${table}};\n"
    "const int wv_ledger_script_count = sizeof(wv_ledger_scripts) / sizeof(wv_ledger_scripts[0]);\n")
