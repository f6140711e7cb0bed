package dev.kinglet.engine.x64;

import dev.kinglet.engine.Isa;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a plan is besides its code and its data: where things lie in them, and its names.
 *
 * @param isa its vector instructions
 * @param threads that share the work of one session
 * @param inputs the numbers of one sample
 * @param outputs the numbers of its answer
 * @param arena the bytes that one thread works in
 * @param alone where in the code the driver's entries lie, for one thread
 * @param leader for the first of several
 * @param worker for the others
 * @param stagesAt where in the data the stages lie
 * @param sharesAt shares of one thread alone, and behind them of each of several
 * @param stages the names of the stages' steps
 * @param constantsAt where in an arena numbers lie that never change
 * @param constants these numbers
 */
record Outline(
    Isa isa,
    int threads,
    int inputs,
    int outputs,
    long arena,
    int alone,
    int leader,
    int worker,
    long stagesAt,
    long[] sharesAt,
    String[] stages,
    long[] constantsAt,
    float[] constants) {

  /** All of it as bytes. */
  byte[] write() {
    byte[][] names = new byte[stages.length][];
    int size = 256 + 8 * sharesAt.length + 12 * constants.length;
    for (int i = 0; i < names.length; i++) {
      names[i] = stages[i].getBytes(StandardCharsets.UTF_8);
      size += 4 + names[i].length;
    }
    ByteBuffer to = ByteBuffer.allocate(size);
    to.putInt(isa.ordinal()).putInt(threads).putInt(inputs).putInt(outputs).putLong(arena);
    to.putInt(alone).putInt(leader).putInt(worker).putLong(stagesAt);
    to.putInt(sharesAt.length);
    for (long share : sharesAt) {
      to.putLong(share);
    }
    to.putInt(names.length);
    for (byte[] name : names) {
      to.putInt(name.length).put(name);
    }
    to.putInt(constants.length);
    for (int i = 0; i < constants.length; i++) {
      to.putLong(constantsAt[i]).putFloat(constants[i]);
    }
    byte[] bytes = new byte[to.position()];
    to.flip().get(bytes);
    return bytes;
  }

  /** From the bytes that {@link #write} gave. */
  static Outline read(ByteBuffer from) {
    Isa isa = Isa.values()[from.getInt()];
    int threads = from.getInt();
    int inputs = from.getInt();
    int outputs = from.getInt();
    long arena = from.getLong();
    int alone = from.getInt();
    int leader = from.getInt();
    int worker = from.getInt();
    long stagesAt = from.getLong();
    long[] sharesAt = new long[from.getInt()];
    for (int i = 0; i < sharesAt.length; i++) {
      sharesAt[i] = from.getLong();
    }
    String[] stages = new String[from.getInt()];
    for (int i = 0; i < stages.length; i++) {
      byte[] name = new byte[from.getInt()];
      from.get(name);
      stages[i] = new String(name, StandardCharsets.UTF_8);
    }
    int count = from.getInt();
    long[] constantsAt = new long[count];
    float[] constants = new float[count];
    for (int i = 0; i < count; i++) {
      constantsAt[i] = from.getLong();
      constants[i] = from.getFloat();
    }
    return new Outline(
        isa,
        threads,
        inputs,
        outputs,
        arena,
        alone,
        leader,
        worker,
        stagesAt,
        sharesAt,
        stages,
        constantsAt,
        constants);
  }
}
