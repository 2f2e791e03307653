import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public class Webhook {
  /** body is what came, byte by byte: parse it afterwards. */
  static boolean genuine(String secret, String id, String timestamp, String signatures, byte[] body) throws Exception {
    long age = Instant.now().getEpochSecond() - Long.parseLong(timestamp);
    if (Math.abs(age) > 300) return false; // somebody sends an old one again
    byte[] key = Base64.getDecoder().decode(secret.replaceFirst("^whsec_", ""));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
    byte[] own = ("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body))).getBytes(StandardCharsets.UTF_8);
    for (String one : signatures.split(" ")) { // two, while a secret is exchanged
      if (MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), own)) return true;
    }
    return false;
  }

  public static void main(String[] args) throws Exception {
    var env = System.getenv();
    if (!genuine(env.get("WEBHOOK_SECRET"), env.get("WEBHOOK_ID"), env.get("WEBHOOK_TIMESTAMP"), env.get("WEBHOOK_SIGNATURE"), System.in.readAllBytes())) {
      throw new Exception("not from this house");
    }
    System.out.println("genuine");
  }
}
