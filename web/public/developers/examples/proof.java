import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class Proof {
  static final String HOUSE = System.getenv("HELIANTHUS_URL");

  static String send(HttpRequest.Builder request, String path) throws Exception {
    var answer = HttpClient.newHttpClient().send(request.uri(URI.create(HOUSE + path)).build(), BodyHandlers.ofString());
    if (answer.statusCode() != 200) throw new Exception(answer.body());
    return answer.body();
  }

  /** The first text of that name; take a JSON library of your choice, Java has none. */
  static String text(String json, String name) {
    Matcher m = Pattern.compile("\"" + name + "\": *\"((?:[^\"\\\\]++|\\\\.)*+)\"").matcher(json);
    if (!m.find()) return null;
    return m.group(1).replace("\\u003c", "<").replace("\\u003e", ">").replace("\\u0026", "&").translateEscapes();
  }

  static byte[] hash(byte[]... parts) throws Exception {
    MessageDigest d = MessageDigest.getInstance("SHA-256");
    for (byte[] p : parts) d.update(p);
    return d.digest();
  }

  static byte[] bytes(String s) { return s.getBytes(StandardCharsets.UTF_8); }

  static byte[] base64(String s) { return Base64.getDecoder().decode(s); }

  static void must(boolean holds, String what) throws Exception {
    if (!holds) throw new Exception(what);
  }

  public static void main(String[] args) throws Exception {
    String form = "grant_type=client_credentials&client_id=" + System.getenv("HELIANTHUS_CLIENT_ID")
        + "&client_secret=" + System.getenv("HELIANTHUS_CLIENT_SECRET");
    String token = text(send(HttpRequest.newBuilder().header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(form)), "/api/v1/token"), "access_token");
    var list = send(HttpRequest.newBuilder().header("Authorization", "Bearer " + token), "/api/v1/publications?kind=registration&limit=1");
    Matcher id = Pattern.compile("\"items\": *\\[\\{.*?\"id\": *\"([0-9a-f-]{36})\", *\"kind\": *\"registration\"").matcher(list);
    must(id.find(), "nothing is published");
    String answer = send(HttpRequest.newBuilder().header("Authorization", "Bearer " + token), "/api/v1/publications/" + id.group(1) + "/proof");
    String[] proof = text(answer, "proof").split("\n\n", 2);
    String[] lines = proof[0].split("\n"); // the format, the entry, its place, and the hashes beside its way

    // 1. The entry names the content's hash. Of what is not for everybody it is a commitment: the hash of salt and opened.
    byte[] entry = base64(lines[1].substring("extra ".length()));
    String says = new String(entry, StandardCharsets.UTF_8), opened = text(answer, "opened");
    if (opened != null) {
      String sum = HexFormat.of().formatHex(hash(base64(text(answer, "salt")), bytes(opened)));
      must(sum.equals(text(says, "commitment")), "the commitment is of something else");
      says = opened;
    }
    must(text(says, "sha256").equals(text(list, "sha256")), "the entry is of another content");

    // 2. The log has signed the checkpoint. Its key, NAME+HASH+BASE64, you took from its owner once.
    String[] key = System.getenv("HELIANTHUS_LOG_KEY").split("\\+", 3);
    byte[] raw = base64(key[2]), der = HexFormat.of().parseHex("302a300506032b6570032100" + HexFormat.of().formatHex(raw, 1, 33));
    String[] checkpoint = proof[1].split("\n\n", 2);
    String text = checkpoint[0] + "\n", mark = "— " + key[0] + " ";
    boolean signed = false;
    for (String line : checkpoint[1].split("\n")) {
      if (!line.startsWith(mark)) continue;
      byte[] signature = base64(line.substring(mark.length()));
      Signature s = Signature.getInstance("Ed25519");
      s.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der)));
      s.update(bytes(text));
      signed |= s.verify(Arrays.copyOfRange(signature, 4, signature.length));
    }
    must(signed, "the log did not sign it");

    // 3. The entry and the hashes beside its way make the checkpoint's root (RFC 9162, section 2.1.3.2).
    long index = Long.parseLong(lines[2].substring("index ".length())), fn = index, sn = Long.parseLong(text.split("\n")[1]) - 1;
    byte[] root = hash(new byte[] {0}, entry), node = {1};
    for (int i = 3; i < lines.length; i++) {
      byte[] beside = base64(lines[i]);
      if ((fn & 1) == 1 || fn == sn) {
        root = hash(node, beside, root);
        for (; (fn & 1) == 0 && fn != 0; fn >>= 1) sn >>= 1;
      } else {
        root = hash(node, root, beside);
      }
      fn >>= 1;
      sn >>= 1;
    }
    must(sn == 0 && Arrays.equals(root, base64(text.split("\n")[2])), "the entry is not in the log");
    System.out.println("proved: entry " + index + " of " + key[0]);
  }
}
