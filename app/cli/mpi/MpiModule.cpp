// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/mpi/MpiModule.h"

#define OMPI_SKIP_MPICXX
#include <mpi.h>

#include <algorithm>

namespace {

// MPI counts with an int: longer messages go in parts, which arrive in their order.
constexpr std::size_t kPart = std::size_t { 1 } << 30;

void start(int* rank, int* ranks)
{
    int provided = 0;
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
    MPI_Comm_rank(MPI_COMM_WORLD, rank);
    MPI_Comm_size(MPI_COMM_WORLD, ranks);
}

// The size goes first: who probes learns it from a message of its own.
void send(int to, int tag, const char* bytes, std::size_t size)
{
    unsigned long long length = size;
    MPI_Send(&length, 1, MPI_UNSIGNED_LONG_LONG, to, tag, MPI_COMM_WORLD);
    for (std::size_t at = 0; at < size; at += kPart)
        MPI_Send(bytes + at, static_cast<int>(std::min(kPart, size - at)), MPI_BYTE, to, tag, MPI_COMM_WORLD);
}

int waits(int tag, int* from, std::size_t* size)
{
    int found = 0;
    MPI_Status status;
    MPI_Iprobe(MPI_ANY_SOURCE, tag, MPI_COMM_WORLD, &found, &status);
    if (!found)
        return 0;
    unsigned long long length = 0;
    MPI_Recv(&length, 1, MPI_UNSIGNED_LONG_LONG, status.MPI_SOURCE, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    *from = status.MPI_SOURCE;
    *size = static_cast<std::size_t>(length);
    return 1;
}

void receive(int from, int tag, char* bytes, std::size_t size)
{
    for (std::size_t at = 0; at < size; at += kPart)
        MPI_Recv(bytes + at, static_cast<int>(std::min(kPart, size - at)), MPI_BYTE, from, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}

void finish()
{
    MPI_Finalize();
}

void abortAll(int code)
{
    MPI_Abort(MPI_COMM_WORLD, code);
}

} // namespace

const HayloftMpiApi* hayloftMpiApi(void)
{
    static const HayloftMpiApi api { HAYLOFT_MPI_ABI, &start, &send, &waits, &receive, &finish, &abortAll };
    return &api;
}
