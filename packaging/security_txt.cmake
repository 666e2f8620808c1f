# security.txt (RFC 9116) for a package. Its address is that of the repository, which only who makes the package knows
# (LINNET_REPOSITORY, without a slash at the end); it expires 364 days after the build, or after SOURCE_DATE_EPOCH.
#
#   cmake -DLINNET_REPOSITORY=https://github.com/NAME/linnet -DLINNET_SECURITY_TXT=FILE -P packaging/security_txt.cmake
if(NOT LINNET_REPOSITORY)
  message(STATUS "LINNET_REPOSITORY is not set: without an address there is no security.txt")
  return()
endif()
if(NOT LINNET_REPOSITORY MATCHES "^https://[^/ ]+/[^ ]*[^/ ]$")
  message(FATAL_ERROR "LINNET_REPOSITORY must be https://… without a slash at the end, not \"${LINNET_REPOSITORY}\"")
endif()

string(TIMESTAMP now "%s" UTC)  # SOURCE_DATE_EPOCH, where that is set
math(EXPR expires "${now} + 364 * 86400")
set(epoch_before "$ENV{SOURCE_DATE_EPOCH}")
set(ENV{SOURCE_DATE_EPOCH} ${expires})
string(TIMESTAMP LINNET_SECURITY_EXPIRES "%Y-%m-%dT%H:%M:%SZ" UTC)
if(epoch_before STREQUAL "")
  unset(ENV{SOURCE_DATE_EPOCH})
else()
  set(ENV{SOURCE_DATE_EPOCH} "${epoch_before}")
endif()
configure_file(${CMAKE_CURRENT_LIST_DIR}/security.txt.in ${LINNET_SECURITY_TXT} @ONLY NEWLINE_STYLE UNIX)
