/*
 * Goal: a lane of the kind MPMC does what every lane does. Method: lane_shape.h, the same text for
 * each kind, so that a change of `threads` can't change a program.
 */
#include "check.h"

#include "pair_mpmc.h"

#define SHAPE(word) pair_mpmc_##word
#define SHAPE_CONSTANT(word) PAIR_MPMC_##word

#include "lane_shape.h"
