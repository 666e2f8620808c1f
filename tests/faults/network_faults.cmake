# Keys, strangers and hostile messages, on a network; run by hand as the head of the script says.
foreach(fault pairing wrong-key-no-key-null-plain revoked-key idle-connections messages-hostile)
  add_test(NAME fault_${fault} COMMAND ${CMAKE_CURRENT_LIST_DIR}/network ${CMAKE_BINARY_DIR}/bin ${fault})
  set_tests_properties(fault_${fault} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300)
  if(LINNET_SANITIZE)
    set_tests_properties(fault_${fault} PROPERTIES ENVIRONMENT "LINNET_FAULT_SIZES=0")
  endif()
endforeach()
