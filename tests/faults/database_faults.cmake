# What happens to the database; run by hand as the head of each script says.
add_test(NAME fault_database-disk-full COMMAND ${CMAKE_CURRENT_LIST_DIR}/database-disk-full ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(fault_database-disk-full PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300)
