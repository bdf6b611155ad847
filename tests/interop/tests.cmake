# A client in another language, written from proto/PROTOCOL.md. Debian's own python3, for its python3-zmq.
add_test(NAME interop_protocol COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/interop/test_protocol.py
         $<TARGET_FILE:parrotd>)
set_tests_properties(interop_protocol PROPERTIES LABELS interop TIMEOUT 180)
