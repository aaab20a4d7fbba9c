/*
 * Goal: a program that only sends and waits loses no wake-up, over a lane of the kind SPSC.
 * Method: wake_ups.h, the same text for both kinds.
 */
#include "check.h"

#include "pair_spsc.h"

#define SHAPE(word) pair_spsc_##word
#define SHAPE_CONSTANT(word) PAIR_SPSC_##word

#include "wake_ups.h"
