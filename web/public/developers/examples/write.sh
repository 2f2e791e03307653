token=$(curl -fsS -d grant_type=client_credentials \
  -d client_id="$HELIANTHUS_CLIENT_ID" -d client_secret="$HELIANTHUS_CLIENT_SECRET" \
  "$HELIANTHUS_URL/api/v1/token" | sed 's/.*"access_token": *"\([^"]*\)".*/\1/')
key=$(openssl rand -hex 16) # one for each thing to be done; keep it until the answer is there
draft() {
  curl -fsS -i -H "Authorization: Bearer $token" -H "Idempotency-Key: $key" -H "Content-Type: application/json" \
    --data '{"office": "XA", "names": [{"text": "Test Honey", "language": "en", "kind": "original"}]}' \
    "$HELIANTHUS_URL/api/v1/registrations"
}
draft | grep -i '^location:'
# Nobody knows whether an answer that did not come was done. Send it again with the same key: it is done once.
draft | grep -i '^idempotency-replayed:'
