package dev.chaperone.sql.grammar;

import java.nio.charset.StandardCharsets;
import run.endive.runtime.ExportFunction;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.runtime.WasmInterruptedException;
import run.endive.wasm.types.MemoryLimits;

/**
 * One parser with its own memory. For one thread at a time; it recurses deeply, so give that thread
 * a large stack. An interrupt of the thread ends a parse with a {@link GrammarFault}.
 */
public final class GrammarInstance {
  /** 40 MiB: the C stack of 32 MiB, the constant tables, and a heap to begin with. */
  private static final int INITIAL_PAGES = 640;

  /** 256 MiB. */
  private static final int MAXIMUM_PAGES = 4096;

  /** An instance that has grown beyond 80 MiB does not shrink: better a new one. */
  private static final int KEPT_PAGES = 1280;

  // struct PgQueryParseResult { char *parse_tree; char *stderr_buffer; PgQueryError *error; }
  private static final int RESULT_ERROR = 8;
  // struct PgQueryError { char *message, *funcname, *filename; int lineno, cursorpos; char
  // *context; }
  private static final int ERROR_POSITION = 16;

  private final Memory memory;
  private final ExportFunction malloc;
  private final ExportFunction free;
  private final ExportFunction parse;
  private final ExportFunction freeResult;

  GrammarInstance(GrammarModule grammar) {
    var instance =
        Instance.builder(grammar.module())
            .withImportValues(CLibrary.imports(grammar))
            .withMemoryLimits(new MemoryLimits(INITIAL_PAGES, MAXIMUM_PAGES))
            .withMachineFactory(grammar.machineFactory())
            .withGlobalFactory((value, high, type, mutability) -> {
              // Of the two globals, the stack pointer starts at the stack's top, the other at 0.
              return value > StackPointer.STACK_BYTES
                  ? new StackPointer(value, type, mutability)
                  : run.endive.runtime.GlobalInstance.builder()
                      .valueLow(value)
                      .valueHigh(high)
                      .valType(type)
                      .mutabilityType(mutability)
                      .build();
            })
            .withStart(false)
            .build();
    memory = instance.memory();
    grammar.initialize(memory);
    malloc = instance.export(grammar.exported("malloc"));
    free = instance.export(grammar.exported("free"));
    parse = instance.export(grammar.exported("wasm_parse_query_raw"));
    freeResult = instance.export(grammar.exported("wasm_free_parse_result"));
    instance.export(grammar.exported("call_ctors")).apply();
  }

  /**
   * Parses a text.
   *
   * @param text UTF-8 without NUL
   * @throws GrammarFault when neither a tree nor an error came of it: drop this instance
   */
  public ParseResult parse(byte[] text) {
    try {
      int query = write(text);
      int result = (int) parse.apply(query)[0];
      if (result == 0) {
        throw new GrammarFault("the parser gave no result");
      }
      var answer = answer(result);
      free.apply(query);
      freeResult.apply(result);
      return answer;
    } catch (GrammarFault e) {
      throw e;
    } catch (WasmInterruptedException e) {
      throw new GrammarFault("the parser was stopped", e);
    } catch (RuntimeException | StackOverflowError e) {
      throw new GrammarFault("the parser trapped", e);
    }
  }

  /** Whether it holds so much memory that it should be replaced. */
  public boolean bloated() {
    return memory.pages() > KEPT_PAGES;
  }

  private ParseResult answer(int result) {
    int tree = memory.readInt(result);
    int error = memory.readInt(result + RESULT_ERROR);
    if (error != 0) {
      return new ParseResult.Refusal(
          new String(text(memory.readInt(error)), StandardCharsets.UTF_8),
          Math.max(0, memory.readInt(error + ERROR_POSITION)));
    }
    byte[] json = text(tree);
    if (json.length == 0) {
      // Seen when memory ran out: the tree is missing and so is the error.
      throw new GrammarFault("the parser gave neither a tree nor an error");
    }
    return new ParseResult.Tree(json);
  }

  private int write(byte[] text) {
    int at = (int) malloc.apply(text.length + 1)[0];
    if (at == 0) {
      throw new GrammarFault("the parser has no memory for the text");
    }
    memory.write(at, text, 0, text.length);
    memory.writeByte(at + text.length, (byte) 0);
    return at;
  }

  /** The bytes up to NUL; none for a null pointer. */
  private byte[] text(int at) {
    if (at == 0) {
      return new byte[0];
    }
    int end = at;
    while (memory.read(end) != 0) {
      end++;
    }
    return memory.readBytes(at, end - at);
  }
}
