/* SPDX-License-Identifier: MIT */
#include "dkim/key.h"

#include "dkim/tags.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <sodium.h>
#include <string.h>

enum { RSA_BITS_MINIMUM = 1024 }; /* RFC 8301 section 3.2 */

/* A key stands there as SubjectPublicKeyInfo. */
static enum dkim_verdict verify_rsa(const unsigned char *key, size_t key_length,
                                    const unsigned char hash[DKIM_HASH_SIZE],
                                    const unsigned char *signed_bytes, size_t length,
                                    struct dkim_signature *signature)
{
    gnutls_pubkey_t public = NULL;
    unsigned char bytes[DKIM_HASH_SIZE];
    enum dkim_verdict verdict = DKIM_NO_KEY;
    gnutls_datum_t der = { NULL, (unsigned)key_length };
    gnutls_datum_t sign = { NULL, (unsigned)length };
    const gnutls_datum_t digest = { bytes, DKIM_HASH_SIZE };
    memcpy(bytes, hash, sizeof bytes);
    /* By memcpy(), because GnuTLS only reads them but its type has no const. */
    memcpy(&der.data, &key, sizeof der.data);
    memcpy(&sign.data, &signed_bytes, sizeof sign.data);
    if (gnutls_pubkey_init(&public) != GNUTLS_E_SUCCESS)
        return verdict;
    if (gnutls_pubkey_import(public, &der, GNUTLS_X509_FMT_DER) == GNUTLS_E_SUCCESS &&
        gnutls_pubkey_get_pk_algorithm(public, &signature->key_bits) == GNUTLS_PK_RSA) {
        verdict = DKIM_HEADER_CHANGED;
        if (signature->key_bits < RSA_BITS_MINIMUM)
            verdict = DKIM_WEAK;
        else if (gnutls_pubkey_verify_hash2(public, GNUTLS_SIGN_RSA_SHA256,
                                            GNUTLS_VERIFY_ALLOW_BROKEN, &digest, &sign) >= 0)
            verdict = DKIM_GOOD;
    }
    gnutls_pubkey_deinit(public);
    return verdict;
}

/* The key alone, and what is signed is the hash (RFC 8463 section 3). */
static enum dkim_verdict verify_ed25519(const unsigned char *key, size_t key_length,
                                        const unsigned char hash[DKIM_HASH_SIZE],
                                        const unsigned char *signed_bytes, size_t length)
{
    if (key_length != crypto_sign_PUBLICKEYBYTES)
        return DKIM_NO_KEY;
    return length == crypto_sign_BYTES &&
                   crypto_sign_verify_detached(signed_bytes, hash, DKIM_HASH_SIZE, key) == 0
               ? DKIM_GOOD
               : DKIM_HEADER_CHANGED;
}

/* "y" among the flags. */
static bool says_testing(const char *flags)
{
    for (const char *at = flags; *at; at += strcspn(at, ":"), at += *at == ':')
        if (*at == 'y' && strchr(":", at[1]))
            return true;
    return false;
}

enum dkim_verdict key_verify(struct arena *arena, const char *record,
                             const unsigned char hash[DKIM_HASH_SIZE], unsigned char *signed_bytes,
                             size_t length, struct dkim_signature *signature)
{
    struct tags tags;
    unsigned char *key = NULL;
    size_t key_length = 0;
    if (!tags_read(arena, record, &tags) || !tags_find(&tags, "p"))
        return DKIM_NO_KEY;
    const char *version = tags_find(&tags, "v");
    const char *type = tags_find(&tags, "k");
    const char *wanted = signature->algorithm[0] == 'e' ? "ed25519" : "rsa";
    const char *packed = tags_find_packed(arena, &tags, "p");
    signature->is_testing = says_testing(tags_find_packed(arena, &tags, "t"));
    if (!*packed)
        return DKIM_REVOKED;
    if ((version && strcmp(version, "DKIM1") != 0) || strcmp(type ? type : "rsa", wanted) != 0 ||
        !tags_decode(arena, packed, &key, &key_length))
        return DKIM_NO_KEY;
    return *wanted == 'e' ? verify_ed25519(key, key_length, hash, signed_bytes, length)
                          : verify_rsa(key, key_length, hash, signed_bytes, length, signature);
}
