/* abi.c - the symbol whose name holds the ABI that this runtime was built for. */
#include <corinth/platform.h>

CORINTH_BEGIN_DECLARATIONS

void corinth_internal_require_abi(void)
{
}

CORINTH_END_DECLARATIONS
