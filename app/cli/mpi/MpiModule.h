// SPDX-License-Identifier: GPL-3.0-or-later
// The plain C interface of the module that alone links MPI. No C++ type crosses it.
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HAYLOFT_MPI_ABI 1

// Called on one thread. Failures of MPI itself end all processes, as MPI does unless told otherwise.
typedef struct HayloftMpiApi {
    int abi;
    void (*start)(int* rank, int* ranks);
    // Returns when the other side has taken the bytes, or MPI has buffered them.
    void (*send)(int to, int tag, const char* bytes, size_t size);
    // 1 when a message of this tag waits, with its sender and size: receive() it next; 0 when none does.
    int (*waits)(int tag, int* from, size_t* size);
    void (*receive)(int from, int tag, char* bytes, size_t size);
    void (*finish)(void);
    void (*abort)(int code);
} HayloftMpiApi;

#define HAYLOFT_MPI_ENTRY "hayloftMpiApi"
#if defined(__GNUC__)
__attribute__((visibility("default")))
#endif
const HayloftMpiApi* hayloftMpiApi(void);

#ifdef __cplusplus
}
#endif
