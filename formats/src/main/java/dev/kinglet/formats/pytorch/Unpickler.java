package dev.kinglet.formats.pytorch;

import dev.kinglet.formats.file.FileBytes;
import dev.kinglet.formats.pytorch.Pickled.Dictionary;
import dev.kinglet.formats.pytorch.Pickled.Global;
import dev.kinglet.formats.pytorch.Pickled.Opaque;
import dev.kinglet.formats.pytorch.Pickled.Plain;
import dev.kinglet.formats.pytorch.Pickled.Sequence;
import dev.kinglet.formats.pytorch.Pickled.Text;
import dev.kinglet.formats.pytorch.Pickled.Whole;
import dev.kinglet.graph.InvalidInputException;
import java.math.BigInteger;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A machine for pickles of protocol 0 to 5 that resolves no class and calls nothing.
 *
 * <p>Calls go to {@link Rebuild}, which knows the few functions that make tensors and containers;
 * every other one yields an {@link Opaque} value. What is built is counted against a budget,
 * because one byte of a pickle can build a hundred on the heap. Source: CPython's {@code
 * Lib/pickletools.py}, which documents each operation.
 */
final class Unpickler {
  private static final int SLOT = 8;
  private static final int LONGEST_LINE = 1 << 12;

  private final FileBytes file;
  private final Rebuild rebuild;
  private final List<Pickled> stack = new ArrayList<>();
  private final Deque<Integer> marks = new ArrayDeque<>();
  private final List<Pickled> memo = new ArrayList<>();
  private final Map<Long, Pickled> scattered = new HashMap<>();
  private int highest;
  private long budget;
  private long at;

  /**
   * A machine that reads from an offset.
   *
   * @param budget the bytes that all values together may take on the heap
   */
  Unpickler(FileBytes file, long at, Rebuild rebuild, long budget) {
    this.file = file;
    this.at = at;
    this.rebuild = rebuild;
    this.budget = budget;
  }

  /** Where the pickle that was read ends. */
  long end() {
    return at;
  }

  /** Reads one pickle. */
  Pickled read() {
    while (true) {
      int operation = file.u8(at++);
      if (operation == '.') {
        return pop();
      }
      step(operation);
    }
  }

  private void step(int operation) {
    switch (operation) {
      case 0x80 -> at++; // PROTO
      case 0x95 -> at += 8; // FRAME
      case '(' -> mark();
      case '0' -> pop();
      case '1' -> popToMark();
      case '2' -> push(peek());
      case 'N' -> push(Plain.NONE);
      case 0x88 -> push(Plain.TRUE);
      case 0x89 -> push(Plain.FALSE);
      case 'I' -> pushDecimal(line());
      case 'L' -> pushDecimal(line().replaceFirst("L$", ""));
      case 'J' -> push(whole((int) file.u32(advance(4))));
      case 'K' -> push(whole(file.u8(advance(1))));
      case 'M' -> push(whole(file.u16(advance(2))));
      case 0x8a -> pushLong(file.u8(advance(1)));
      case 0x8b -> pushLong(file.u32(advance(4)));
      case 'F' -> {
        line();
        push(Plain.OTHER);
      }
      case 'G' -> {
        advance(8);
        push(Plain.OTHER);
      }
      case 'S' -> push(text(unquote(line())));
      case 'V' -> push(text(line()));
      case 'T' -> push(text(file.u32(advance(4)), StandardCharsets.ISO_8859_1));
      case 'U' -> push(text(file.u8(advance(1)), StandardCharsets.ISO_8859_1));
      case 'X' -> push(text(file.u32(advance(4)), StandardCharsets.UTF_8));
      case 0x8c -> push(text(file.u8(advance(1)), StandardCharsets.UTF_8));
      case 0x8d -> push(text(file.i64(advance(8)), StandardCharsets.UTF_8));
      case 'B' -> pushBytes(file.u32(advance(4)));
      case 'C' -> pushBytes(file.u8(advance(1)));
      case 0x8e, 0x96 -> pushBytes(file.i64(advance(8)));
      case 0x97 -> push(new Opaque("a buffer outside of the pickle"));
      case 0x98 -> peek();
      case '}' -> push(dictionary());
      case 'd' -> {
        List<Pickled> items = popToMark();
        push(dictionary());
        setItems(items);
      }
      case 's' -> {
        Pickled value = pop();
        setItems(List.of(pop(), value));
      }
      case 'u' -> setItems(popToMark());
      case ']', ')', 0x8f -> push(sequence());
      case 'l' -> push(sequence(popToMark()));
      case 'a' -> append(List.of(pop()));
      case 'e', 0x90 -> append(popToMark());
      case 't', 0x91 -> push(sequence(popToMark()));
      case 0x85 -> push(sequence(pop(1)));
      case 0x86 -> push(sequence(pop(2)));
      case 0x87 -> push(sequence(pop(3)));
      case 'p' -> put(decimal(line()));
      case 'q' -> put(file.u8(advance(1)));
      case 'r' -> put(file.u32(advance(4)));
      case 0x94 -> put(memo.size() + (long) scattered.size());
      case 'g' -> push(get(decimal(line())));
      case 'h' -> push(get(file.u8(advance(1))));
      case 'j' -> push(get(file.u32(advance(4))));
      case 'c' -> push(global(line(), line()));
      case 0x93 -> {
        List<Pickled> names = pop(2);
        push(global(string(names.get(0)), string(names.get(1))));
      }
      case 'P' -> push(rebuild.persistent(new Text(line())));
      case 'Q' -> push(rebuild.persistent(pop()));
      case 'R', 0x81 -> {
        List<Pickled> call = pop(2);
        push(call(call.get(0), call.get(1)));
      }
      case 0x92 -> {
        List<Pickled> call = pop(3);
        push(call(call.get(0), call.get(1)));
      }
      case 'i' -> {
        Pickled maker = global(line(), line());
        push(call(maker, sequence(popToMark())));
      }
      case 'o' -> {
        List<Pickled> call = popToMark();
        if (call.isEmpty()) {
          throw damaged("an object without a class");
        }
        push(call(call.getFirst(), sequence(call.subList(1, call.size()))));
      }
      case 'b' -> build();
      default -> throw damaged("the unknown operation " + operation);
    }
  }

  private Pickled call(Pickled maker, Pickled arguments) {
    charge(6 * SLOT);
    if (arguments instanceof Sequence given
        && !given.items().isEmpty()
        && given.items().getFirst() instanceof Sequence copied) {
      charge(10L * SLOT * copied.items().size());
    }
    return rebuild.call(maker, arguments);
  }

  // A state belongs to an object; tensors and containers have none that matters here.
  private void build() {
    pop();
    peek();
  }

  private void setItems(List<Pickled> items) {
    if (items.size() % 2 != 0) {
      throw damaged("a key without a value");
    }
    switch (peek()) {
      case Dictionary dictionary -> {
        for (int i = 0; i < items.size(); i += 2) {
          if (items.get(i) instanceof Text key) {
            charge(8 * SLOT);
            dictionary.entries().put(key.value(), items.get(i + 1));
          }
        }
      }
      case Opaque _ -> {}
      case Plain _, Text _, Whole _, Sequence _, Global _, Pickled.Storage _, Pickled.View _ ->
          throw damaged("entries of something that is no dictionary");
    }
  }

  private void append(List<Pickled> items) {
    switch (peek()) {
      case Sequence sequence -> {
        charge(2 * SLOT * (long) items.size());
        sequence.items().addAll(items);
      }
      case Opaque _ -> {}
      case Plain _, Text _, Whole _, Dictionary _, Global _, Pickled.Storage _, Pickled.View _ ->
          throw damaged("items of something that is no list");
    }
  }

  private void push(Pickled value) {
    stack.add(value);
    if (stack.size() > highest) {
      highest = stack.size();
      charge(SLOT);
    }
  }

  private Pickled pop() {
    requireOnStack(1);
    return stack.removeLast();
  }

  private List<Pickled> pop(int count) {
    requireOnStack(count);
    List<Pickled> top = stack.subList(stack.size() - count, stack.size());
    List<Pickled> popped = List.copyOf(top);
    top.clear();
    return popped;
  }

  private Pickled peek() {
    requireOnStack(1);
    return stack.getLast();
  }

  private void requireOnStack(int count) {
    if (stack.size() < count) {
      throw damaged("fewer values than it uses");
    }
  }

  private void mark() {
    charge(3 * SLOT);
    marks.push(stack.size());
  }

  private List<Pickled> popToMark() {
    if (marks.isEmpty() || marks.peek() > stack.size()) {
      throw damaged("a mark missing");
    }
    return pop(stack.size() - marks.pop());
  }

  private void put(long index) {
    charge(2 * SLOT);
    Pickled value = peek();
    if (index == memo.size()) {
      memo.add(value);
    } else if (index >= 0 && index < memo.size()) {
      memo.set((int) index, value);
    } else {
      charge(10 * SLOT);
      scattered.put(index, value);
    }
  }

  private Pickled get(long index) {
    Pickled value =
        index >= 0 && index < memo.size() ? memo.get((int) index) : scattered.get(index);
    if (value == null) {
      throw damaged("a reference to nothing");
    }
    return value;
  }

  private Pickled global(String module, String name) {
    charge(6 * SLOT + 4L * (module.length() + name.length()));
    return new Global(module + "." + name);
  }

  private Dictionary dictionary() {
    charge(11 * SLOT);
    return Dictionary.empty();
  }

  private Sequence sequence() {
    charge(6 * SLOT);
    return Sequence.mutable();
  }

  private Sequence sequence(List<Pickled> items) {
    charge(6 * SLOT + (long) SLOT * items.size());
    return new Sequence(new ArrayList<>(items));
  }

  private Whole whole(long value) {
    charge(2 * SLOT);
    return Whole.of(value);
  }

  private Text text(String value) {
    charge(6 * SLOT + 2L * value.length());
    return new Text(value);
  }

  private Text text(long length, Charset charset) {
    file.require(at, length, "a string");
    charge(6 * SLOT + 3 * length);
    return new Text(new String(file.copy(advance(length), length, "a string"), charset));
  }

  private void pushBytes(long length) {
    file.require(at, length, "a string of bytes");
    advance(length);
    push(Plain.OTHER);
  }

  private void pushDecimal(String line) {
    switch (line) {
      case "00" -> push(Plain.FALSE);
      case "01" -> push(Plain.TRUE);
      default -> push(whole(decimal(line)));
    }
  }

  private void pushLong(long length) {
    if (length > Long.BYTES) {
      pushBytes(length);
      return;
    }
    file.require(at, length, "a number");
    byte[] bytes = file.copy(advance(length), length, "a number");
    long value = 0;
    for (int i = bytes.length - 1; i >= 0; i--) {
      // The highest byte carries the sign.
      value = value << 8 | (i == bytes.length - 1 ? bytes[i] : Byte.toUnsignedInt(bytes[i]));
    }
    push(whole(value));
  }

  private long decimal(String line) {
    try {
      return new BigInteger(line.strip()).longValueExact();
    } catch (NumberFormatException | ArithmeticException e) {
      throw damaged("a number that is none");
    }
  }

  private String string(Pickled value) {
    if (value instanceof Text text) {
      return text.value();
    }
    throw damaged("a class without a name");
  }

  private static String unquote(String line) {
    boolean quoted = line.length() >= 2 && (line.startsWith("'") || line.startsWith("\""));
    return quoted ? line.substring(1, line.length() - 1) : line;
  }

  private String line() {
    long start = at;
    while (file.u8(at) != '\n') {
      at++;
      if (at - start > LONGEST_LINE) {
        throw damaged("a line without an end");
      }
    }
    int length = (int) (at - start);
    at++;
    charge(6 * SLOT + 3L * length);
    return new String(file.copy(start, length, "a line"), StandardCharsets.UTF_8);
  }

  private long advance(long bytes) {
    long start = at;
    at += bytes;
    return start;
  }

  private void charge(long bytes) {
    budget -= bytes;
    if (budget < 0) {
      throw file.refuse(
          "holds a pickle that would take many times the file's own size in memory; save plain"
              + " tensors (a state_dict) instead.");
    }
  }

  private InvalidInputException damaged(String what) {
    return file.refuse(
        "holds a damaged pickle (" + what + " before byte " + at + "); fetch or save it again.");
  }
}
