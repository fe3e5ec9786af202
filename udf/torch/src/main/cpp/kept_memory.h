// Memory that a kernel works in, kept for the next one: the system clears fresh pages first, and an allocator gives large pieces
// back to it at once.
#pragma once
#include <cstdint>
#include <cstdlib>

namespace sparkvlm {

class KeptMemory {
  public:
    // What callers have at the same time.
    enum Use { LAYERS, ROWS, STREAMS };

    KeptMemory(Use use, int64_t bytes) {
        bytes = (bytes / 64 + 1) * 64;  // of nothing too there is some
        for (Kept& one : kept[use]) {
            int no = 0;
            if (!__atomic_compare_exchange_n(&one.taken, &no, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) continue;
            own = &one;
            if (one.bytes < bytes) {
                std::free(one.memory);
                one.memory = std::aligned_alloc(64, bytes);
                one.bytes = one.memory == nullptr ? 0 : bytes;
            }
            memory = one.memory;
            return;
        }
        memory = std::aligned_alloc(64, bytes);
    }

    ~KeptMemory() {
        if (own == nullptr) std::free(memory);
        else __atomic_store_n(&own->taken, 0, __ATOMIC_RELEASE);
    }

    KeptMemory(const KeptMemory&) = delete;
    void operator=(const KeptMemory&) = delete;

    // Whether there was memory for it.
    bool isThere() const { return memory != nullptr; }

    // [bytes], aligned to 64.
    template <typename T>
    T* as() const {
        return (T*)memory;
    }

  private:
    struct Kept {
        int taken;
        int64_t bytes;
        void* memory;
    };
    // Callers at once, such as the ranks of a model that is split; more have memory of their own.
    static constexpr int CALLERS = 8;
    inline static Kept kept[STREAMS + 1][CALLERS];

    Kept* own = nullptr;
    void* memory;
};

}  // namespace sparkvlm
