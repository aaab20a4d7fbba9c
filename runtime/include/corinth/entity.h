/*
 * entity.h - how a component refers to an entity
 *
 * The headers of every schema use this one type, so that a host's functions for references work
 * with all of them.
 */
#ifndef CORINTH_ENTITY_H
#define CORINTH_ENTITY_H

#include <stdint.h>

#include <corinth/platform.h>

CORINTH_BEGIN_DECLARATIONS

/* An opaque reference to an entity, version included; only the host knows what its bits mean. */
typedef uint64_t corinth_entity;

CORINTH_END_DECLARATIONS

#endif
