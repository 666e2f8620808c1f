# Floods, and what befalls the spool, the link and the database; run by hand as the head of each script says. Sanitized programs are large and slow.
foreach(script_and_faults "floods mac-flood flow-flood name-flood fragment-bombs"
                          "spool shipper-killed link-cut-for-a-day sensor-restarts-while-analyzer-is-away spool-disk-full"
                          "survival clock-jumps database-bits-flipped killed-while-copying killed-while-forgetting analyzer-privileges")
  separate_arguments(words UNIX_COMMAND ${script_and_faults})
  list(POP_FRONT words script)
  foreach(fault ${words})
    add_test(NAME fault_${fault} COMMAND ${CMAKE_CURRENT_LIST_DIR}/${script} ${CMAKE_BINARY_DIR}/bin ${fault})
    set_tests_properties(fault_${fault} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300 PROCESSORS 2)
    if(LINNET_SANITIZE)
      set_tests_properties(fault_${fault} PROPERTIES ENVIRONMENT
                           "LINNET_FAULT_SIZES=0;LINNET_FAULT_FLOOD=20000;LINNET_FAULT_FRAGMENTS=40;LINNET_FAULT_FLIPS=4")
    endif()
  endforeach()
endforeach()
