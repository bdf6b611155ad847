# The one place that knows compilers, warnings, sanitizers and how a room of the house is built.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(sodium  REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(msgpack REQUIRED IMPORTED_TARGET msgpack)
pkg_check_modules(jansson REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(yaml    REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(lmdb    REQUIRED IMPORTED_TARGET lmdb)
pkg_check_modules(zmq     REQUIRED IMPORTED_TARGET libzmq)
pkg_check_modules(xlsx    REQUIRED IMPORTED_TARGET xlsxwriter)
pkg_check_modules(expat   REQUIRED IMPORTED_TARGET expat)
pkg_check_modules(zlib    REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(cmocka  REQUIRED IMPORTED_TARGET cmocka)
find_library(UNISTRING_LIBRARY unistring REQUIRED)
add_library(PkgConfig::unistring INTERFACE IMPORTED)
target_link_libraries(PkgConfig::unistring INTERFACE ${UNISTRING_LIBRARY})

set(SANITIZE "" CACHE STRING "address,undefined | thread | fuzzer,address,undefined")
option(SABOTAGE "things done wrong on purpose, for the controls of the tests; never to be installed" OFF)

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()
find_program(CCACHE ccache)
if(CCACHE)
    set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()
add_compile_definitions(_GNU_SOURCE RSNMS_VERSION="${PROJECT_VERSION}")
add_compile_options(-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Werror -UNDEBUG
                    $<$<C_COMPILER_ID:GNU>:-Wno-format-truncation>  # what was clipped is checked where it matters
                    -fno-strict-aliasing -fstack-protector-strong)
if(SABOTAGE)
    add_compile_definitions(RSNMS_SABOTAGE)
endif()
if(SANITIZE)
    string(REPLACE "fuzzer" "fuzzer-no-link" COMPILE_SANITIZE "${SANITIZE}")
    string(REGEX REPLACE "fuzzer,?" "" LINK_SANITIZE "${SANITIZE}")
    add_compile_options(-fsanitize=${COMPILE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${LINK_SANITIZE})
endif()

# library(name DIR folder LINK ...): all the .c files of one folder.
function(library name)
    cmake_parse_arguments(ARG "" "DIR" "LINK" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${ARG_DIR}/*.c)
    add_library(${name} STATIC ${sources})
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PUBLIC ${ARG_LINK})
endfunction()

# daemon(name): services/<name>/*.c is the library svc_<name>, which the tests link; the program is that
# and services/daemon.c, the one main() of all of them.
function(daemon name)
    library(svc_${name} DIR services/${name} LINK shared service proto)
    add_executable(rsnms-${name} ${PROJECT_SOURCE_DIR}/services/daemon.c)
    target_compile_definitions(rsnms-${name} PRIVATE SERVICE=${name}_service)
    target_link_libraries(rsnms-${name} PRIVATE svc_${name})
    add_dependencies(programs rsnms-${name})
    install(TARGETS rsnms-${name} DESTINATION libexec/rsnms)
endfunction()

# What every test is told: where the sources and the programs are, and what a sanitizer has to know.
set(TEST_ENVIRONMENT RSNMS_SOURCE=${PROJECT_SOURCE_DIR} RSNMS_BUILD=${PROJECT_BINARY_DIR}
    TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/tsan.supp)

# unit_test(folder/name LINK ... LABELS ...): one cmocka program, tests/<folder>/<name>.c
function(unit_test path)
    cmake_parse_arguments(ARG "" "TIMEOUT" "LINK;LABELS" ${ARGN})
    get_filename_component(name ${path} NAME)
    add_executable(${name} ${PROJECT_SOURCE_DIR}/tests/${path}.c)
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PRIVATE ${ARG_LINK} PkgConfig::cmocka)
    add_test(NAME ${name} COMMAND ${name})
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 120)
    endif()
    set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT}
        ENVIRONMENT "${TEST_ENVIRONMENT}")
endfunction()
