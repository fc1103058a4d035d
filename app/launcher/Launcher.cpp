// SPDX-License-Identifier: GPL-3.0-or-later
// Chooses OpenBLAS's kernel and OpenMP's waiting before any library is loaded, then becomes the program.
//
// OpenBLAS reads OPENBLAS_CORETYPE in a library constructor, before main(), and old versions take a new CPU for a
// Prescott (a factor of 3 to 5). So this program links libc only, sets the variable and execs once.
// As `hayloft` or `hayloft-cli` it starts ../libexec/hayloft/<name>; as `hayloft-launch PROGRAM ARGS...` PROGRAM.
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

namespace {

constexpr const char* kMarker = "HAYLOFT_LAUNCHED_PID";

// The features that count are those the operating system saves too; __builtin_cpu_supports asks xgetbv for them.
const char* openBlasCore()
{
#if defined(__x86_64__) && defined(__GNUC__)
    __builtin_cpu_init();
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd");
    if (avx2 && __builtin_cpu_is("amd"))
        return "ZEN"; // measured faster than SKYLAKEX there, whose 512-bit operations Zen 4 splits
    if (avx512)
        return "SKYLAKEX";
    if (avx2)
        return "HASWELL";
#endif
    return nullptr;
}

void setUnlessSet(const char* name, const char* value)
{
    if (value)
        setenv(name, value, 0);
}

int fail(const char* what, const char* where, const char* remedy)
{
    std::fprintf(stderr, "hayloft-launch: %s: %s; %s\n", what, where, remedy);
    return 127;
}

// exec keeps the process id: a marker with our own means that this process has been here before.
bool wasHereBefore()
{
    char own[32];
    std::snprintf(own, sizeof own, "%ld", static_cast<long>(getpid()));
    const char* marker = std::getenv(kMarker);
    const bool again = marker && std::strcmp(marker, own) == 0;
    setenv(kMarker, own, 1);
    return again;
}

// ../libexec/hayloft/<name> of the folder this program really lies in.
bool siblingProgram(const char* name, char* path, std::size_t size)
{
    char self[PATH_MAX];
    const ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length <= 0)
        return false;
    self[length] = '\0';
    for (int up = 0; up < 2; ++up) {
        char* slash = std::strrchr(self, '/');
        if (!slash)
            return false;
        *slash = '\0';
    }
    const int written = std::snprintf(path, size, "%s/libexec/hayloft/%s", self, name);
    return written > 0 && static_cast<std::size_t>(written) < size;
}

} // namespace

int main(int argc, char** argv)
{
    const char* slash = argc > 0 ? std::strrchr(argv[0], '/') : nullptr;
    const char* name = slash ? slash + 1 : (argc > 0 ? argv[0] : "hayloft-launch");
    if (wasHereBefore())
        return fail("the launcher was told to start itself", name, "name another program");

    setUnlessSet("OPENBLAS_CORETYPE", openBlasCore());
    // OpenMP threads that spin between regions steal the cores from OpenBLAS's threads.
    setUnlessSet("OMP_WAIT_POLICY", "PASSIVE");
    // LibTorch's OpenCV loads Qt 5: an inherited path would mix plugins of two Qt versions.
    unsetenv("QT_PLUGIN_PATH");

    if (std::strcmp(name, "hayloft-launch") == 0) {
        if (argc < 2)
            return fail("no program given", name, "use hayloft-launch PROGRAM ARGS...");
        execvp(argv[1], argv + 1);
        return fail("cannot start the program", argv[1], std::strerror(errno));
    }
    char path[PATH_MAX];
    if (!siblingProgram(name, path, sizeof path))
        return fail("cannot find the program", name, "start it from the folder it was built or installed in");
    execv(path, argv);
    return fail("cannot start the program", path, std::strerror(errno));
}
