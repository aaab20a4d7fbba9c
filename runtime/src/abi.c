/* abi.c - the symbol whose name says for which ABI this runtime was built. */
#include <corinth/platform.h>

CORINTH_BEGIN_DECLARATIONS

void corinth_internal_require_abi(void)
{
}

CORINTH_END_DECLARATIONS
