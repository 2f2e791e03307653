import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import java.util.regex.Pattern;

public class Write {
  static final String HOUSE = System.getenv("HELIANTHUS_URL");

  static HttpResponse<String> send(String path, String body, String... headers) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(HOUSE + path)).headers(headers).POST(BodyPublishers.ofString(body)).build();
    var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    if (answer.statusCode() >= 400) throw new Exception(answer.body());
    return answer;
  }

  public static void main(String[] args) throws Exception {
    String form = "grant_type=client_credentials&client_id=" + System.getenv("HELIANTHUS_CLIENT_ID")
        + "&client_secret=" + System.getenv("HELIANTHUS_CLIENT_SECRET");
    var token = Pattern.compile("\"access_token\": *\"([^\"]+)\"")
        .matcher(send("/api/v1/token", form, "Content-Type", "application/x-www-form-urlencoded").body());
    if (!token.find()) throw new Exception("no token");

    String body = "{\"office\": \"XA\", \"names\": [{\"text\": \"Test Honey\", \"language\": \"en\", \"kind\": \"original\"}]}";
    String[] headers = {
      "Authorization", "Bearer " + token.group(1),
      "Idempotency-Key", UUID.randomUUID().toString(), // one for each thing to be done; keep it until the answer is there
      "Content-Type", "application/json"
    };
    System.out.println(send("/api/v1/registrations", body, headers).headers().firstValue("Location").orElseThrow());
    // Nobody knows whether an answer that did not come was done. Send it again with the same key: it is done once.
    var again = send("/api/v1/registrations", body, headers).headers().firstValue("Idempotency-Replayed");
    System.out.println("Idempotency-Replayed: " + again.orElse("no"));
  }
}
