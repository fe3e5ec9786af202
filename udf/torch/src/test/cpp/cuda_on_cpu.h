// CUDA C++ on a CPU: the threads of a block take turns, each until it waits for others. Threads that wait for ones that never
// come are found, and so are those of a warp that wait in different places.
#pragma once
#include <ucontext.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#define __global__
#define __device__
#define __shared__ static
#define __launch_bounds__(threads)

struct uint4 {
    unsigned x, y, z, w;
} __attribute__((aligned(16)));

inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) { return {x, y, z, w}; }

struct Place {
    unsigned x, y, z;
};
inline Place threadIdx, blockIdx, blockDim, gridDim;

inline float __uint_as_float(unsigned bits) {
    float number;
    std::memcpy(&number, &bits, 4);
    return number;
}

inline unsigned __float_as_uint(float number) {
    unsigned bits;
    std::memcpy(&bits, &number, 4);
    return bits;
}

inline float rsqrtf(float number) { return 1 / std::sqrt(number); }

namespace cuda_on_cpu {

constexpr unsigned WARP = 32;
constexpr size_t STACK = 64 << 10;

enum State { READY, AT_WARP, AT_BLOCK, DONE };

struct Thread {
    ucontext_t context;
    std::vector<char> stack = std::vector<char>(STACK);
    State state;
    float given[2];  // by turns: a neighbour may not yet have read the last
    int turn;
};

inline std::vector<Thread> threads;
inline ucontext_t scheduler;
inline void (*body)(const void*);
inline const void* argument;

inline void run() {
    body(argument);
    threads[threadIdx.x].state = DONE;
}

inline void wait(State where) {
    const unsigned own = threadIdx.x;
    threads[own].state = where;
    swapcontext(&threads[own].context, &scheduler);
    threadIdx.x = own;
}

// Whether those from first to end that are not done all wait there, and some do; they are ready then.
inline bool release(unsigned first, unsigned end, State where) {
    bool some = false;
    for (unsigned i = first; i < end; i++) {
        if (threads[i].state != where && threads[i].state != DONE) return false;
        some |= threads[i].state == where;
    }
    for (unsigned i = first; i < end && some; i++) {
        if (threads[i].state == where) threads[i].state = READY;
    }
    return some;
}

inline bool runBlock() {
    const unsigned count = blockDim.x;
    for (Thread& thread : threads) {
        getcontext(&thread.context);
        thread.context.uc_stack.ss_sp = thread.stack.data();
        thread.context.uc_stack.ss_size = STACK;
        thread.context.uc_link = &scheduler;
        makecontext(&thread.context, run, 0);
        thread.state = READY;
        thread.turn = 0;
    }
    for (;;) {
        bool moved = false;
        for (unsigned i = 0; i < count; i++) {
            if (threads[i].state != READY) continue;
            threadIdx = {i, 0, 0};
            swapcontext(&scheduler, &threads[i].context);
            moved = true;
        }
        for (unsigned warp = 0; warp < count; warp += WARP) moved |= release(warp, warp + WARP, AT_WARP);
        moved |= release(0, count, AT_BLOCK);
        bool done = true;
        for (unsigned i = 0; i < count; i++) done &= threads[i].state == DONE;
        if (done) return true;
        if (!moved) return false;
    }
}

// False where threads of a block wait for ever.
inline bool launch(void (*kernel)(const void*), Place grid, unsigned block, const void* of) {
    if (block % WARP != 0) return false;
    body = kernel;
    argument = of;
    gridDim = grid;
    blockDim = {block, 1, 1};
    threads.resize(block);
    for (unsigned z = 0; z < grid.z; z++) {
        for (unsigned y = 0; y < grid.y; y++) {
            for (unsigned x = 0; x < grid.x; x++) {
                blockIdx = {x, y, z};
                if (!runBlock()) return false;
            }
        }
    }
    return true;
}

}  // namespace cuda_on_cpu

inline void __syncthreads() { cuda_on_cpu::wait(cuda_on_cpu::AT_BLOCK); }

inline float __shfl_xor_sync(unsigned, float value, int other) {
    cuda_on_cpu::Thread& own = cuda_on_cpu::threads[threadIdx.x];
    const int turn = own.turn;
    own.given[turn] = value;
    own.turn = 1 - turn;
    cuda_on_cpu::wait(cuda_on_cpu::AT_WARP);
    return cuda_on_cpu::threads[threadIdx.x ^ (unsigned)other].given[turn];
}
