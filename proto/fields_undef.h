/* fields_undef.h - no guard: ends one expansion of the .def files. */
#undef TEXT
#undef UINT
#undef INT
#undef TIME
#undef DATE
#undef MONEY
#undef FLAG
#undef CODE
#undef LIST
#undef RAW
#undef HASH
#undef RECORD
#undef EVENT
