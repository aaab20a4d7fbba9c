/*
 * Goal: a lane of the kind SPMC does what every lane does. Method: lane_shape.h, the same text for
 * each kind, so that a change of `threads` can't change a program.
 */
#include "check.h"

#include "pair_spmc.h"

#define SHAPE(word) pair_spmc_##word
#define SHAPE_CONSTANT(word) PAIR_SPMC_##word

#include "lane_shape.h"
