/*
 * entity.h - how a component refers to an entity
 *
 * The same type in the headers of every schema, so that a host's functions for references serve
 * all of them.
 */
#ifndef CORINTH_ENTITY_H
#define CORINTH_ENTITY_H

#include <stdint.h>

#include <corinth/platform.h>

CORINTH_BEGIN_DECLARATIONS

/* An opaque reference to an entity: what the host makes of it, version included. */
typedef uint64_t corinth_entity;

CORINTH_STATIC_ASSERT(sizeof(corinth_entity) == 8, "size");

CORINTH_END_DECLARATIONS

#endif
