// SPDX-License-Identifier: GPL-3.0-or-later
// The plain C interface of the module that alone links sentencepiece. No C++ type crosses it.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct HayloftPieces HayloftPieces;

typedef struct HayloftSpan {
    int32_t id;
    uint32_t begin; // bytes in the encoded text
    uint32_t end;
} HayloftSpan;

typedef enum HayloftPieceKind {
    HAYLOFT_PIECE_TEXT = 0,
    HAYLOFT_PIECE_CONTROL = 1,
    HAYLOFT_PIECE_BYTE = 2,
    HAYLOFT_PIECE_UNKNOWN = 3,
    HAYLOFT_PIECE_UNUSED = 4
} HayloftPieceKind;

typedef struct HayloftTraining {
    const char* const* inputs; // paths of UTF-8 text, one paragraph a line
    size_t inputCount;
    const char* const* keys; // sentencepiece's own trainer options
    const char* const* values;
    size_t optionCount;
    uint32_t seed;
} HayloftTraining;

typedef void (*HayloftSink)(void* context, const char* bytes, size_t size);

#define HAYLOFT_TOKENIZER_ABI 1

// Functions return NULL or 0 for failure and write one line to `error`.
typedef struct HayloftTokenizerApi {
    int abi;
    HayloftPieces* (*open)(const char* model, size_t size, char* error, size_t errorSize);
    void (*close)(HayloftPieces* pieces);
    int (*size)(const HayloftPieces* pieces);
    int (*padId)(const HayloftPieces* pieces); // -1 when the model has none
    int (*unkId)(const HayloftPieces* pieces);
    int (*bosId)(const HayloftPieces* pieces);
    int (*eosId)(const HayloftPieces* pieces);
    int (*kind)(const HayloftPieces* pieces, int id);
    const char* (*piece)(const HayloftPieces* pieces, int id, size_t* size);
    // The spans belong to `pieces` and live until its next call.
    int (*encode)(HayloftPieces* pieces, const char* text, size_t size, const HayloftSpan** spans, size_t* count,
        char* error, size_t errorSize);
    int (*train)(const HayloftTraining* training, HayloftSink sink, void* context, char* error, size_t errorSize);
} HayloftTokenizerApi;

#define HAYLOFT_TOKENIZER_ENTRY "hayloftTokenizerApi"
#if defined(__GNUC__)
__attribute__((visibility("default")))
#endif
const HayloftTokenizerApi*
hayloftTokenizerApi(void);

#ifdef __cplusplus
}
#endif
