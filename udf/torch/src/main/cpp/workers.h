// Threads that share a loop's items, each of which goes to a thread that is free: one that the machine takes away for a while keeps
// no more than what it has in hand. They wait for the next loop awake, but not for long: on a busy machine, who waits awake
// takes the processor from those for whom it waits.
#pragma once
#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <x86intrin.h>

#include <cstdint>

// The version of all C libraries since 2002, not only of those since 2021, in which threads moved to another file.
__asm__(".symver pthread_create,pthread_create@GLIBC_2.2.5");

namespace sparkvlm {

// The threads of one caller at a time.
struct Workers {
    static constexpr int MOST = 255;
    static constexpr uint32_t OPEN = 1u << 31;
    static constexpr uint32_t AWAITED = 1u << 30;
    static constexpr uint32_t INSIDE = AWAITED - 1;
    // Of the time stamp counter, some 0.3 ms: longer than what lies between two loops of a step.
    static constexpr uint64_t AWAKE_CYCLES = 1 << 20;
    static constexpr uint64_t CALLER_AWAKE_CYCLES = 1 << 17;

    using Body = void (*)(const void* context, int64_t first, int64_t end);

    int taken;  // by a caller
    int threads;
    int refused;  // whether the system gave no more
    int64_t sleeping;
    uint32_t loops;  // begun so far: what workers wait for
    uint32_t state;  // OPEN: workers may enter; INSIDE: how many are in the loop; AWAITED: the caller sleeps until none is
    // Of the loop that is open, or of the last one.
    Body body;
    const void* context;
    int64_t count;
    int64_t grain;
    uint32_t most;  // workers
    alignas(64) int64_t next;

    // Whether this caller could have them.
    bool run(Body loop, const void* of, int64_t items, int64_t together, int wanted) {
        int no = 0;
        if (!__atomic_compare_exchange_n(&taken, &no, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) return false;
        start(wanted - 1);
        body = loop;
        context = of;
        count = items;
        grain = together;
        __atomic_store_n(&most, (uint32_t)(wanted - 1), __ATOMIC_RELAXED);
        __atomic_store_n(&next, 0, __ATOMIC_RELAXED);
        __atomic_store_n(&state, OPEN, __ATOMIC_RELEASE);
        __atomic_fetch_add(&loops, 1, __ATOMIC_SEQ_CST);
        if (__atomic_load_n(&sleeping, __ATOMIC_SEQ_CST) > 0) wake(&loops, wanted - 1);
        takeItems();
        leaveNobodyInside();
        __atomic_store_n(&taken, 0, __ATOMIC_RELEASE);
        return true;
    }

  private:
    void start(int wanted) {
        if (wanted > MOST) wanted = MOST;
        while (threads < wanted && !refused) {
            pthread_t thread;
            refused = pthread_create(&thread, nullptr, &Workers::live, this) != 0;  // fewer do it as well
            threads += !refused;
        }
    }

    static void* live(void* workers) {
        ((Workers*)workers)->work();
        return nullptr;
    }

    [[noreturn]] void work() {
        uint32_t seen = 0;
        for (;;) {
            seen = nextLoop(seen);
            uint32_t now = __atomic_load_n(&state, __ATOMIC_ACQUIRE);
            bool entered = false;
            while ((now & OPEN) && (now & INSIDE) < __atomic_load_n(&most, __ATOMIC_RELAXED) && !entered) {
                entered = __atomic_compare_exchange_n(&state, &now, now + 1, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
            }
            if (!entered) continue;
            takeItems();
            if (__atomic_sub_fetch(&state, 1, __ATOMIC_ACQ_REL) == AWAITED) wake(&state, 1);
        }
    }

    uint32_t nextLoop(uint32_t seen) {
        uint64_t start = __rdtsc();
        for (;;) {
            uint32_t now = __atomic_load_n(&loops, __ATOMIC_ACQUIRE);
            if (now != seen) return now;
            if (__rdtsc() - start < AWAKE_CYCLES) {
                _mm_pause();
                continue;
            }
            __atomic_fetch_add(&sleeping, 1, __ATOMIC_SEQ_CST);
            sleep(&loops, seen);
            __atomic_fetch_sub(&sleeping, 1, __ATOMIC_SEQ_CST);
            start = __rdtsc();
        }
    }

    void takeItems() {
        for (;;) {
            int64_t first = __atomic_fetch_add(&next, grain, __ATOMIC_RELAXED);
            if (first >= count) return;
            body(context, first, count - first < grain ? count : first + grain);
        }
    }

    void leaveNobodyInside() {
        uint32_t now = __atomic_and_fetch(&state, ~OPEN, __ATOMIC_ACQ_REL);
        uint64_t start = __rdtsc();
        while (now != 0) {
            if (__rdtsc() - start < CALLER_AWAKE_CYCLES) {
                _mm_pause();
                now = __atomic_load_n(&state, __ATOMIC_ACQUIRE);
                continue;
            }
            now = __atomic_or_fetch(&state, AWAITED, __ATOMIC_ACQ_REL);
            while (now & INSIDE) {
                sleep(&state, now);
                now = __atomic_load_n(&state, __ATOMIC_ACQUIRE);
            }
            return;
        }
    }

    static void sleep(uint32_t* word, uint32_t value) { syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, nullptr, nullptr, 0); }
    static void wake(uint32_t* word, int count) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, nullptr, nullptr, 0); }
};

// Callers at once, such as the ranks of a model that is split, have threads each.
constexpr int CALLERS = 8;
inline Workers workers[CALLERS];

// The body takes the items [first, end), some grain of them at a time, on at most so many threads, this one among them.
template <class F>
inline void forEach(int64_t count, int64_t grain, int threads, const F& body) {
    bool done = false;
    for (int i = 0; i < CALLERS && threads > 1 && count > grain && !done; i++) {
        done = workers[i].run([](const void* of, int64_t first, int64_t end) { (*(const F*)of)(first, end); }, &body, count, grain, threads);
    }
    if (!done) body(0, count);
}

// Of items that take like times so many that none waits long for the last.
template <class F>
inline void forEach(int64_t count, int threads, const F& body) {
    const int64_t grain = count / (8 * (int64_t)threads);
    forEach(count, grain < 1 ? 1 : grain, threads, body);
}

}  // namespace sparkvlm
