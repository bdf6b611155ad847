# What is installed where, and the Debian package made of it: scripts/package.
include(GNUInstallDirs)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/config/messages ${PROJECT_SOURCE_DIR}/config/regions
        DESTINATION ${CMAKE_INSTALL_DATADIR}/rsnms)
install(FILES ${PROJECT_SOURCE_DIR}/config/posts.yaml DESTINATION ${CMAKE_INSTALL_DATADIR}/rsnms)     # one folder up of its regions
install(FILES ${PROJECT_SOURCE_DIR}/config/rsnms.yaml DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/README.ru.md ${PROJECT_SOURCE_DIR}/proto/PROTOCOL.md
        DESTINATION ${CMAKE_INSTALL_DOCDIR} OPTIONAL)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md" PATTERN man EXCLUDE)
install(FILES ${PROJECT_SOURCE_DIR}/config/completion/rsnms DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${PROJECT_SOURCE_DIR}/config/systemd/rsnms@.service ${PROJECT_SOURCE_DIR}/config/systemd/rsnms-region.target
        ${PROJECT_SOURCE_DIR}/config/systemd/rsnms-node.target DESTINATION lib/systemd/system)

# The manual page comes from the program's own table of verbs. Packed without a name or a time inside, so that
# the same source gives the same bytes.
add_custom_command(OUTPUT ${PROJECT_BINARY_DIR}/rsnms.1.gz
    COMMAND $<TARGET_FILE:rsnms> --manual | gzip -9 -n > ${PROJECT_BINARY_DIR}/rsnms.1.gz
    DEPENDS rsnms VERBATIM)
add_custom_target(manual DEPENDS ${PROJECT_BINARY_DIR}/rsnms.1.gz)
add_dependencies(programs manual)
install(FILES ${PROJECT_BINARY_DIR}/rsnms.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME rsnms)
set(CPACK_PACKAGE_CONTACT "rsnms <root@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "scientific and methodological support of a region's educators")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "Daemons that keep a region's system of support (РСНМС): staff, diagnostics, individual
routes, programmes, the indicators of the region's acts, the passport for the federal operator, and the node
of a municipality that works for weeks without a line. Each keeps a journal that is synced to disk before it
answers.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION misc)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS adduser)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/config/debian/preinst
    ${PROJECT_SOURCE_DIR}/config/debian/postinst
    ${PROJECT_SOURCE_DIR}/config/debian/prerm ${PROJECT_SOURCE_DIR}/config/debian/postrm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_STRIP_FILES ON)
include(CPack)
