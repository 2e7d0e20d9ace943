import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.impl.ConfigImplUtil;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What the reference implementation makes of files: their names on standard input, for each a line of JSON on standard
 * output, {"ok": value} or {"error": message, "type": class, "file": description, "line": number or -1}.
 */
public final class Oracle {
  private static String quoted(String text) {
    return ConfigImplUtil.renderJsonString(text == null ? "" : text);
  }

  private static String answer(String path) {
    try {
      Config config = ConfigFactory.parseFile(new File(path)).resolve();
      String json = config.root().render(ConfigRenderOptions.concise());
      return "{\"ok\":" + json.replaceAll("[\\ud800-\\udfff]", "\ufffd") + "}"; // halves of a pair alone
    } catch (ConfigException bad) {
      boolean placed = bad.origin() != null;
      return "{\"error\":" + quoted(bad.getMessage()) + ",\"type\":" + quoted(bad.getClass().getSimpleName())
          + ",\"file\":" + quoted(placed ? bad.origin().description() : "")
          + ",\"line\":" + (placed ? bad.origin().lineNumber() : -1) + "}";
    } catch (NullPointerException unplaced) { // a malformed path in a key: 1.3.1 trips over the place it does not have
      return "{\"error\":\"malformed path\",\"type\":\"BadPath\",\"file\":\"\",\"line\":-1}";
    } catch (RuntimeException | StackOverflowError broken) {
      return "{\"error\":" + quoted(broken.toString()) + ",\"type\":\"BugOrBroken\",\"file\":\"\",\"line\":-1}";
    }
  }

  public static void main(String[] arguments) throws Exception {
    BufferedReader names = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(System.out, true, "UTF-8");
    for (String name = names.readLine(); name != null; name = names.readLine()) {
      out.println(answer(name));
    }
  }
}
