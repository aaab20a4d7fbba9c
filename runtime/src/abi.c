/* abi.c - the symbol whose name says for which ABI this runtime was built. */
#include <corinth/platform.h>

void corinth_internal_require_abi(void)
{
}
