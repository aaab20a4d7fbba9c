/*
 * context.c - coroutines: stacks, and switching between them.
 *
 * On x86-64 a switch is sixteen instructions; elsewhere, and where EXPLORER_UCONTEXT is defined,
 * swapcontext does it, which costs two system calls.
 */
#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include "core.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#define STACK_BYTES ((size_t)256 * 1024)
#define GUARD_BYTES ((size_t)4096)

static char *stacks[THREADS];

/* Stacks are kept from one execution to the next; a guard page below each catches overflow. */
static char *stack_of(unsigned index)
{
    if (stacks[index] == NULL) {
        void *memory = mmap(NULL, STACK_BYTES + GUARD_BYTES, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED || mprotect(memory, GUARD_BYTES, PROT_NONE) != 0) {
            perror("explorer: no memory for a stack");
            exit(2);
        }
        stacks[index] = (char *)memory + GUARD_BYTES;
    }
    return stacks[index];
}

bool context_owns(unsigned index, uintptr_t address)
{
    uintptr_t stack = (uintptr_t)stacks[index];
    return stack != 0 && address >= stack && address < stack + STACK_BYTES;
}

#if defined(__x86_64__) && !defined(EXPLORER_UCONTEXT)

/* Saves what a call must preserve on the stack, and the stack pointer in *save. */
__asm__(".text\n"
        ".globl context_switch\n"
        ".type context_switch, @function\n"
        "context_switch:\n"
        "    endbr64\n"
        "    pushq %rbp\n"
        "    pushq %rbx\n"
        "    pushq %r12\n"
        "    pushq %r13\n"
        "    pushq %r14\n"
        "    pushq %r15\n"
        "    movq %rsp, (%rdi)\n"
        "    movq %rsi, %rsp\n"
        "    popq %r15\n"
        "    popq %r14\n"
        "    popq %r13\n"
        "    popq %r12\n"
        "    popq %rbx\n"
        "    popq %rbp\n"
        "    ret\n"
        ".size context_switch, . - context_switch\n");

void *context_prepare(unsigned index, void (*entry)(void))
{
    enum { SAVED_REGISTERS = 6 };
    uintptr_t *top = (uintptr_t *)(void *)(stack_of(index) + STACK_BYTES);
    *--top = 0; /* Where a return address would be: it aligns the stack as a call does. */
    *--top = (uintptr_t)entry;
    for (int i = 0; i < SAVED_REGISTERS; i++) {
        *--top = 0;
    }
    return top;
}

#else

#include <ucontext.h>

/* A saved stack pointer is the address of one of these; index THREADS is the driver's own. */
static ucontext_t contexts[THREADS + 1];
static ucontext_t *running = &contexts[THREADS];

void context_switch(void **save, void *resume)
{
    ucontext_t *from = running;
    *save = from;
    running = resume;
    swapcontext(from, running);
}

void *context_prepare(unsigned index, void (*entry)(void))
{
    ucontext_t *context = &contexts[index];
    getcontext(context);
    context->uc_stack.ss_sp = stack_of(index);
    context->uc_stack.ss_size = STACK_BYTES;
    context->uc_link = NULL;
    makecontext(context, entry, 0);
    return context;
}

#endif
