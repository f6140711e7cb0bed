package dev.kinglet.engine.java;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Threads that share the work of one session: all do their part of a step, wait for each other, and
 * go on.
 *
 * <p>The members come from one pool of daemon threads that end by themselves. After a run a member
 * stays for a moment, in case another run follows; whoever waits spins briefly and then sleeps, so
 * that a busy neighbour on the computer is not kept from working.
 */
final class Crew {
  private static final ThreadPoolExecutor POOL =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          2,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          task -> {
            Thread thread = new Thread(task, "kinglet-java");
            thread.setDaemon(true);
            return thread;
          });

  private static final int SPINS = 5_000;
  private static final long NAP = 20_000;
  private static final int AWAY = 0;
  private static final int STAYING = 1;
  private static final int WORKING = 2;

  private final int size;
  private final AtomicInteger arrived = new AtomicInteger();
  private final AtomicInteger working = new AtomicInteger();
  private final Member[] members;
  private volatile int round;
  private volatile IntConsumer job;
  private volatile Throwable failure;

  Crew(int size) {
    this.size = size;
    this.members = new Member[size];
    for (int i = 1; i < size; i++) {
      members[i] = new Member(i);
    }
  }

  /**
   * Runs a job on all members at the same time, the caller being member 0.
   *
   * @param work given the member's number; calls {@link #meet} equally often on each
   */
  void run(IntConsumer work) {
    failure = null;
    arrived.set(0);
    working.set(size - 1);
    job = work;
    for (int i = 1; i < size; i++) {
      members[i].begin();
    }
    share(work, 0);
    for (int spins = 0; working.get() > 0; spins++) {
      pause(spins);
    }
    job = null;
    if (failure != null) {
      throw new IllegalStateException("The java engine failed.", failure);
    }
  }

  /** Waits until every member has come here. */
  void meet() {
    if (size == 1) {
      return;
    }
    int now = round;
    if (arrived.incrementAndGet() == size) {
      arrived.set(0);
      round = now + 1;
      return;
    }
    for (int spins = 0; round == now; spins++) {
      if (failure != null) {
        throw new Abandoned();
      }
      pause(spins);
    }
  }

  private void share(IntConsumer work, int member) {
    try {
      work.accept(member);
    } catch (Abandoned e) {
      // Another member failed; run() tells the caller why.
    } catch (RuntimeException | Error e) {
      failure = e;
    }
  }

  private static void pause(int spins) {
    if (spins < SPINS) {
      Thread.onSpinWait();
    } else {
      LockSupport.parkNanos(NAP);
    }
  }

  /** Thrown in members that would wait for one that failed. */
  private static final class Abandoned extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Abandoned() {
      super(null, null, false, false);
    }
  }

  /** One thread's place in the crew. */
  private final class Member implements Runnable {
    private final int number;
    private final AtomicInteger state = new AtomicInteger(AWAY);

    Member(int number) {
      this.number = number;
    }

    void begin() {
      if (!state.compareAndSet(STAYING, WORKING)) {
        state.set(WORKING);
        POOL.execute(this);
      }
    }

    @Override
    public void run() {
      do {
        share(job, number);
        state.set(STAYING);
        working.decrementAndGet();
        for (int spins = 0; spins < SPINS && state.get() == STAYING; spins++) {
          Thread.onSpinWait();
        }
      } while (!state.compareAndSet(STAYING, AWAY));
    }
  }
}
