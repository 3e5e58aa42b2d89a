#pragma once
#include <stdint.h>

/// How many blocks this thread has asked of malloc and its kin since it began; 0 forever without glibc.
uint64_t allocation_count(void);
