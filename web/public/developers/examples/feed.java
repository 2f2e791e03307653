import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Pattern;

public class Feed {
  static final String HOUSE = System.getenv("HELIANTHUS_URL");
  static final HttpClient CLIENT = HttpClient.newHttpClient();

  public static void main(String[] args) throws Exception {
    String form = "grant_type=client_credentials&client_id=" + System.getenv("HELIANTHUS_CLIENT_ID")
        + "&client_secret=" + System.getenv("HELIANTHUS_CLIENT_SECRET");
    var answer = CLIENT.send(HttpRequest.newBuilder(URI.create(HOUSE + "/api/v1/token"))
        .header("Content-Type", "application/x-www-form-urlencoded").POST(BodyPublishers.ofString(form)).build(), BodyHandlers.ofString());
    // Take a JSON library of your choice; Java has none.
    var token = Pattern.compile("\"access_token\": *\"([^\"]+)\"").matcher(answer.body());
    if (!token.find()) throw new Exception(answer.body());

    String after = System.getenv().getOrDefault("AFTER", "0");
    var changes = CLIENT.send(HttpRequest.newBuilder(URI.create(HOUSE + "/api/v1/changes?after=" + after))
        .header("Authorization", "Bearer " + token.group(1)).header("Accept", "application/x-ndjson").build(), BodyHandlers.ofLines());
    if (changes.statusCode() != 200) throw new Exception("status " + changes.statusCode());
    changes.body().forEach(System.out::println); // one change a line; keep the seq of the last one
  }
}
