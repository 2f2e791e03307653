token=$(curl -fsS -d grant_type=client_credentials \
  -d client_id="$HELIANTHUS_CLIENT_ID" -d client_secret="$HELIANTHUS_CLIENT_SECRET" \
  "$HELIANTHUS_URL/api/v1/token" | sed 's/.*"access_token": *"\([^"]*\)".*/\1/')
# One change a line, to the head. Keep the seq of the last line, and go on with after=SEQ.
curl -fsS -H "Authorization: Bearer $token" -H "Accept: application/x-ndjson" \
  "$HELIANTHUS_URL/api/v1/changes?after=${AFTER:-0}"
