unit_test(unit/test_core LINK core LABELS unit)
unit_test(unit/test_when LINK core LABELS unit)
unit_test(unit/test_text LINK core LABELS unit)
unit_test(unit/test_msg LINK codec LABELS unit)
