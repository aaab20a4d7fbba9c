/*
 * Goal: a program that only sends and waits loses no wake-up, over a lane of the kind MPMC.
 * Method: wake_ups.h, the same text for both kinds.
 */
#include "check.h"

#include "pair_mpmc.h"

#define SHAPE(word) pair_mpmc_##word
#define SHAPE_CONSTANT(word) PAIR_MPMC_##word

#include "wake_ups.h"
